// Serves the demo pages and the built files over plain http on 127.0.0.1, as any site owner's web server would.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './ports.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
};

/**
 * Starts the page server and resolves when it listens.
 *
 * @param {object} [options]
 * @param {number} [options.port] a fixed port; by default a free one
 * @param {Readonly<Record<string, string>>} [options.folders] which folder of the disk is served under which path; by default /pages/, /dist/ and /themes/
 * @param {Readonly<Record<string, string>>} [options.pages] texts served by path, as pages unless the path ends otherwise: tests write theirs where they use them
 * @param {Readonly<Record<string, Readonly<Record<string, string>>>>} [options.headers] extra headers by path, or by a path's beginning that ends in "*"
 * @param {boolean} [options.cors] whether pages of other origins may read what is served (default: no)
 * @returns {Promise<{ url: string, port: number, requests: string[], stop(): Promise<void> }>}
 */
export async function startPages({ port = 0, folders, pages = {}, headers = {}, cors = false } = {}) {
  const served = folders ?? { '/pages/': join(root, 'demo/pages'), '/dist/': join(root, 'dist'), '/themes/': join(root, 'themes') };
  /** @type {string[]} what was asked for, so that a test can tell that nothing was loaded before a click */
  const requests = [];

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      console.error(`The page server failed at ${request.url}: ${error.message}`);
      response.destroy();
    });
  });

  async function answer(request, response) {
    const path = safePath(request.url ?? '/');
    requests.push(path ?? String(request.url));
    if (path === undefined) return send(response, 400, {}, 'This address cannot be read.');
    const extra = { ...headersFor(path), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...(cors ? { 'access-control-allow-origin': '*' } : {}) };
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, { ...extra, allow: 'GET, HEAD' }, 'Pages are only read here.');
    if (path === '/' && !Object.hasOwn(pages, '/')) return send(response, 302, { ...extra, location: '/pages/index.html' }, '');
    if (Object.hasOwn(pages, path)) return send(response, 200, { ...extra, 'content-type': types[extname(path)] ?? types['.html'] }, pages[path]);
    const file = fileFor(path);
    const body = file && (await readOrNothing(file));
    if (body === undefined) return send(response, 404, { ...extra, 'content-type': types['.txt'] }, `There is no ${path} here.`);
    send(response, 200, { ...extra, 'content-type': types[extname(file)] ?? 'application/octet-stream' }, body);
  }

  function headersFor(path) {
    const fitting = Object.entries(headers).filter(([pattern]) => (pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern));
    return Object.assign({}, ...fitting.map(([, values]) => values));
  }

  function fileFor(path) {
    const mount = Object.keys(served).find((prefix) => path.startsWith(prefix));
    if (!mount) return undefined;
    const folder = served[mount];
    const file = join(folder, path.slice(mount.length) || 'index.html');
    return file.startsWith(folder.endsWith(sep) ? folder : folder + sep) ? file : undefined;
  }

  if (port && !(await freePort(port))) throw new Error(`Port ${port} of this machine is taken, so the pages cannot be served there.`);
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const taken = server.address().port;

  return {
    url: `http://localhost:${taken}`,
    port: taken,
    requests,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The path of a request without query, dots resolved; undefined for what no browser would send. */
function safePath(url) {
  try {
    const path = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    return path.includes('\0') ? undefined : normalize(path).split(sep).join('/');
  } catch (error) {
    if (error instanceof URIError || error instanceof TypeError) return undefined;
    throw error;
  }
}

async function readOrNothing(file) {
  try {
    return await readFile(file);
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'EISDIR' || error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function send(response, status, headers, body) {
  response.writeHead(status, headers);
  response.end(body);
}

// The demo: a real Prosody with accounts and a first conversation, and the pages that talk to it.
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hostMeta } from './host-meta.mjs';
import { startPages } from './pages.mjs';
import { freePort } from './ports.mjs';
import { startProsody } from './prosody.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pagesFolder = join(root, 'demo/pages');

/** Where we like the server to listen, and to serve the pages. */
const USUAL = { xmpp: 5290, pages: 8090 };

export const accounts = [
  { user: 'support', password: 'support', name: 'Support' },
  { user: 'ana', password: 'ana', name: 'Ana' },
  { user: 'ben', password: 'ben', name: 'Ben' },
];

/** Takes the kept folder for this process; undefined when another demo that still runs has it. */
function takeFolder(folder) {
  const lock = join(folder, 'running.pid');
  mkdirSync(folder, { recursive: true });
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      const file = openSync(lock, 'wx');
      writeFileSync(file, String(process.pid));
      closeSync(file);
      return () => rmSync(lock, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (isAlive(Number(readFileSync(lock, 'utf8')))) return undefined;
      rmSync(lock, { force: true });
    }
  }
  return undefined;
}

function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Makes the accounts and their first conversation, once for a data folder. */
async function furnish(server) {
  const done = join(server.dir, 'furnished');
  if (existsSync(done)) return;
  for (const { user, password } of accounts) await server.adduser(user, password);
  const { firstConversation } = await import('./first-conversation.mjs');
  await firstConversation(server, accounts);
  writeFileSync(done, '');
}

/** The demo pages by their addresses and titles, the index first. */
function listPages(url) {
  const files = existsSync(pagesFolder) ? readdirSync(pagesFolder).filter((name) => name.endsWith('.html')) : [];
  const title = (name) => /<title>([^<]*)<\/title>/.exec(readFileSync(join(pagesFolder, name), 'utf8'))?.[1] ?? name;
  return files.filter((name) => name !== 'index.html').sort().map((name) => ({ title: title(name), address: `${url}/pages/${name}` }));
}

/**
 * Starts all of it. Ports that are taken are replaced by free ones; the pages name none, as they find the server by its domain.
 *
 * @param {object} [options]
 * @param {string} [options.folder] where the data is kept between starts; by default .demo
 * @param {(sentence: string) => void} [options.tell] hears what is unusual, in a sentence
 */
export async function startDemo({ folder, tell = () => undefined } = {}) {
  const kept = resolve(folder ?? join(root, '.demo'));
  const release = takeFolder(kept);
  if (!release) tell('Another demo runs with the kept data, so this one starts with data of its own, which goes when it ends.');
  const xmppPort = (await freePort(USUAL.xmpp)) ?? (await freePort());
  if (xmppPort !== USUAL.xmpp) tell(`Port ${USUAL.xmpp} is taken, so the XMPP server listens on ${xmppPort}.`);
  const pagesPort = (await freePort(USUAL.pages)) ?? (await freePort());
  if (pagesPort !== USUAL.pages) tell(`Port ${USUAL.pages} is taken, so the pages are on ${pagesPort}.`);
  let server;
  let pages;
  async function stop() {
    await pages?.stop();
    await server?.stop();
    release?.();
  }
  try {
    server = await startProsody({ ...(release ? { dir: join(kept, 'prosody') } : {}), ports: { http: xmppPort } });
    await furnish(server);
    pages = await startPages({ port: pagesPort, pages: hostMeta({ websocket: server.ws, bosh: server.bosh }) });
  } catch (error) {
    await stop();
    throw error;
  }
  return { url: pages.url, pages: listPages(pages.url), service: server.ws, accounts: accounts.map(({ user, password }) => ({ address: `${user}@${server.domain}`, password })), stop };
}

// A server that runs as a child of ours, as an unprivileged user and in a folder of its own; it ends when we do, politely or as in a power cut.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { answers, freePort } from './ports.mjs';

const guard = fileURLToPath(new URL('./guard.mjs', import.meta.url));

/** The user that servers run as: they refuse to be root, or should, so root lends them an unprivileged one. */
function servant(preferred) {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === preferred) ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error(`A server needs a user other than root, and this machine has neither "${preferred}" nor "nobody".`);
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** Whether another user may walk down to the folder: each folder on the way must let others through. */
function reachable(dir) {
  for (let at = realpathSync(dir); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (dirname(at) === at) return true;
  }
}

/** A folder that the server may own: the asked one, or one of the same meaning under the temporary folder when its user could not get there. */
function dataFolder(name, asked, { uid, gid }) {
  if (!asked) asked = mkdtempSync(join(tmpdir(), `stoa-${name}-`));
  let dir = resolve(asked);
  const parent = dirname(dir);
  mkdirSync(parent, { recursive: true });
  if (uid !== undefined && !reachable(parent)) {
    dir = join(tmpdir(), `stoa-${name}-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`);
  }
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const { uid: owner, mode } = lstatSync(dir);
  // The name under the temporary folder can be guessed: a folder that somebody else put there is not used.
  if (![process.getuid?.(), uid].includes(owner) || (mode & 0o170000) !== 0o040000) throw new Error(`${dir} belongs to another user, so no server can keep its data there.`);
  chmodSync(dir, 0o700);
  if (uid !== undefined) chownSync(dir, uid, gid);
  return dir;
}

/**
 * A place for one server: its user, folder and port.
 *
 * @typedef {object} Place
 * @property {string} dir
 * @property {number} port
 * @property {{ uid?: number, gid?: number, cwd: string, env: Record<string, string | undefined> }} options what a program of this server is spawned with
 * @property {(name: string) => string} folder makes a folder inside, owned by the server, and gives its path
 * @property {() => void} remove takes the folder away if it was a temporary one
 */

/**
 * @param {{ name: string, dir?: string, port?: number }} asked the name is the program's and that of its user; without `dir` a temporary folder, without `port` a free one
 * @returns {Promise<Place>}
 */
export async function placeFor({ name, dir: asked, port }) {
  if (port && !(await freePort(port))) throw new Error(`Port ${port} of this machine is taken, so ${name} cannot use it.`);
  const user = servant(name);
  const dir = dataFolder(name, asked, user);
  return {
    dir,
    port: port ?? (await freePort()),
    // Nothing of our own environment decides where it looks: PROSODY_CONFIG, ERL_FLAGS and the like stay out.
    options: { ...user, cwd: dir, env: { PATH: process.env.PATH, HOME: dir, LANG: 'C.UTF-8' } },
    folder(inner) {
      const path = join(dir, inner);
      mkdirSync(path, { recursive: true, mode: 0o700 });
      if (user.uid !== undefined) chownSync(path, user.uid, user.gid);
      return path;
    },
    remove: () => {
      if (!asked) rmSync(dir, { recursive: true, force: true });
    },
  };
}

/**
 * What can be done to a server as a process.
 *
 * @typedef {object} Child
 * @property {() => Promise<void>} start resolves when it answers on its port; again and again on the same port with the same data
 * @property {() => Promise<void>} quit ends it politely: streams are closed with a word, data is written
 * @property {() => Promise<void>} kill ends it as a power cut would: no word to anybody
 */

/**
 * @param {{ name: string, command: string, args: readonly string[], options: object, port: number, log: string }} program
 * @returns {Child}
 */
export function childOf({ name, command, args, options, port, log }) {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child;
  let gone = Promise.resolve();

  const killGroup = () => {
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, 'SIGKILL');
    } catch (error) {
      // It was quicker than us; anything else is worth hearing.
      if (error.code !== 'ESRCH') throw error;
    }
  };

  async function start() {
    if (child) return;
    // A group of its own, so that a Ctrl-C meant for us does not take it away before we have said goodbye, and so that one signal reaches all of it.
    const started = spawn(process.execPath, [guard, JSON.stringify({ command, args, options })], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
    child = started;
    let words = '';
    const listen = (chunk) => (words = (words + chunk).slice(-4000));
    started.stdout.on('data', listen);
    started.stderr.on('data', listen);
    // Writing to a guard that just died is no news; that it died is told by "exit".
    started.stdin.on('error', () => undefined);
    process.on('exit', killGroup);
    let ended = false;
    gone = new Promise((resolveGone) => {
      started.on('exit', () => {
        ended = true;
        child = undefined;
        started.stdin.destroy();
        process.off('exit', killGroup);
        resolveGone();
      });
    });
    const deadline = Date.now() + 30_000;
    while (!(await answers(port))) {
      if (ended) throw new Error(`${name} ended at once: ${words.trim() || `see ${log}`}`);
      if (Date.now() > deadline) {
        await kill();
        throw new Error(`${name} did not answer on port ${port} within 30 s: see ${log}.`);
      }
      await after(25);
    }
  }

  async function quit() {
    child?.stdin.end();
    await gone;
  }

  async function kill() {
    killGroup();
    await gone;
    // Its watcher may be buried before it is.
    while (await answers(port)) await after(10);
  }

  return { start, quit, kill };
}

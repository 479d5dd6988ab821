// Starts a real Prosody on 127.0.0.1 as a child of ours: the server that the demo shows and that the tests are judged by.
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { findProsody, findProsodyctl } from '../../scripts/lib/programs.mjs';
import { answers, freePort } from './ports.mjs';
import { prosodyConfig } from './prosody-config.mjs';

const guard = fileURLToPath(new URL('./guard.mjs', import.meta.url));

/** The user that Prosody runs as: it refuses to be root, so root lends it an unprivileged one. */
function servant() {
  if (process.getuid?.() !== 0) return {};
  const users = readFileSync('/etc/passwd', 'utf8').split('\n').map((line) => line.split(':'));
  const user = users.find(([name]) => name === 'prosody') ?? users.find(([name]) => name === 'nobody');
  if (!user) throw new Error('Prosody needs a user other than root, and this machine has neither "prosody" nor "nobody".');
  return { uid: Number(user[2]), gid: Number(user[3]) };
}

/** Whether another user may walk down to the folder: each folder on the way must let others through. */
function reachable(dir) {
  for (let at = realpathSync(dir); ; at = dirname(at)) {
    if ((statSync(at).mode & 0o001) === 0) return false;
    if (dirname(at) === at) return true;
  }
}

/** A folder that Prosody may own: the asked one, or one of the same meaning under the temporary folder when Prosody's user could not get there. */
function dataFolder(asked, { uid, gid }) {
  if (!asked) asked = mkdtempSync(join(tmpdir(), 'stoa-prosody-'));
  let dir = resolve(asked);
  const parent = dirname(dir);
  mkdirSync(parent, { recursive: true });
  if (uid !== undefined && !reachable(parent)) {
    dir = join(tmpdir(), `stoa-prosody-${createHash('sha256').update(dir).digest('hex').slice(0, 16)}`);
  }
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const { uid: owner, mode } = lstatSync(dir);
  // The name under the temporary folder can be guessed: a folder that somebody else put there is not used.
  if (![process.getuid?.(), uid].includes(owner) || (mode & 0o170000) !== 0o040000) throw new Error(`${dir} belongs to another user, so Prosody cannot keep its data there.`);
  chmodSync(dir, 0o700);
  if (uid !== undefined) chownSync(dir, uid, gid);
  return dir;
}

/**
 * A running server: its addresses, and what can be done to it.
 *
 * @typedef {object} Prosody
 * @property {string} ws
 * @property {string} bosh
 * @property {string} domain
 * @property {string} guestDomain
 * @property {string} sha256Domain
 * @property {string} roomsDomain
 * @property {number} port
 * @property {string} dir
 * @property {string} log
 * @property {() => Promise<void>} start
 * @property {() => Promise<void>} quit
 * @property {() => Promise<void>} kill
 * @property {() => Promise<void>} stop
 * @property {(name: string, password: string, domain?: string) => Promise<void>} adduser
 * @property {(name: string, domain?: string) => Promise<void>} deluser
 */

/**
 * Starts Prosody and resolves when it answers.
 *
 * @param {object} [options]
 * @param {string} [options.dir] its folder, kept between starts; without it a temporary one, removed by stop()
 * @param {{ http?: number }} [options.ports] a fixed port; by default a free one
 * @param {readonly { user: string, password: string, domain?: string }[]} [options.accounts] made before the first start
 * @param {boolean} [options.limits] 10 kB/s for each session, as Prosody comes
 * @param {boolean} [options.muc] a room service at rooms.localhost (default: yes)
 * @param {number} [options.resumeSeconds] how long a broken session may be resumed (default 120)
 * @param {string} [options.extra] more Lua for the global part of the configuration
 * @returns {Promise<Prosody>}
 */
export async function startProsody({ dir: asked, ports = {}, accounts = [], ...config } = {}) {
  const program = findProsody();
  const control = findProsodyctl();
  if (!program || !control) throw new Error('Prosody is not installed: run "npm run setup".');
  const user = servant();
  const dir = dataFolder(asked, user);
  const port = ports.http ?? (await freePort());
  if (ports.http && !(await freePort(ports.http))) throw new Error(`Port ${ports.http} of this machine is taken, so Prosody cannot use it.`);
  const configFile = join(dir, 'prosody.cfg.lua');
  const log = join(dir, 'prosody.log');
  writeFileSync(configFile, prosodyConfig({ dir, port, ...config }), { mode: 0o644 });
  mkdirSync(join(dir, 'data'), { recursive: true, mode: 0o700 });
  if (user.uid !== undefined) chownSync(join(dir, 'data'), user.uid, user.gid);
  // Nothing of our own environment decides where it looks: PROSODY_CONFIG and the like stay out.
  const options = { ...user, cwd: dir, env: { PATH: process.env.PATH, HOME: dir, LANG: 'C.UTF-8' } };

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
    const started = spawn(process.execPath, [guard, JSON.stringify({ command: program, args: ['--config', configFile, '-F'], options })], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
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
    const deadline = Date.now() + 20_000;
    while (!(await answers(port))) {
      if (ended) throw new Error(`Prosody ended at once: ${words.trim() || `see ${log}`}`);
      if (Date.now() > deadline) {
        await kill();
        throw new Error(`Prosody did not answer on port ${port} within 20 s: see ${log}.`);
      }
      await after(25);
    }
  }

  /** Ends it politely: streams are closed with a word, data is written. */
  async function quit() {
    child?.stdin.end();
    await gone;
  }

  /** Ends it as a power cut would: no word to anybody. start() brings it back on the same port with the same data. */
  async function kill() {
    killGroup();
    await gone;
  }

  /** Ends it politely and removes its folder if that was a temporary one. */
  async function stop() {
    await quit();
    if (!asked) rmSync(dir, { recursive: true, force: true });
  }

  /** Makes an account, or gives an old one a new password. */
  async function adduser(name, password, domain = 'localhost') {
    await ctl('register', name, domain, password);
  }

  /** Deletes an account. */
  async function deluser(name, domain = 'localhost') {
    await ctl('deluser', `${name}@${domain}`);
  }

  function ctl(...args) {
    return new Promise((resolveCtl, reject) => {
      const tool = spawn(control, ['--config', configFile, ...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
      let words = '';
      tool.stdout.on('data', (chunk) => (words += chunk));
      tool.stderr.on('data', (chunk) => (words += chunk));
      tool.on('error', reject);
      tool.on('close', (code) => (code === 0 ? resolveCtl(words) : reject(new Error(`prosodyctl ${args[0]} failed: ${words.trim()}`))));
    });
  }

  try {
    for (const { user: name, password, domain } of accounts) await adduser(name, password, domain);
    await start();
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    ws: `ws://localhost:${port}/xmpp-websocket`,
    bosh: `http://localhost:${port}/http-bind`,
    domain: 'localhost',
    guestDomain: 'guest.localhost',
    sha256Domain: 'sha256.localhost',
    roomsDomain: 'rooms.localhost',
    port,
    dir,
    log,
    start,
    quit,
    kill,
    stop,
    adduser,
    deluser,
  };
}

// Starts a real Prosody on 127.0.0.1 as a child of ours: the server that the demo shows and that the tests are judged by.
import { spawn } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProsody, findProsodyctl, hasProsodyModules } from '../../scripts/lib/programs.mjs';
import { childOf, placeFor } from './child.mjs';
import { prosodyConfig } from './prosody-config.mjs';

const ownModules = fileURLToPath(new URL('./prosody-modules', import.meta.url));

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
 * @param {number} [options.inactivitySeconds] how long a BOSH session may be silent (default 120)
 * @param {string} [options.extra] more Lua for the global part of the configuration
 * @param {(place: { dir: string, port: number }) => string} [options.write] writes the whole configuration in place of ours
 * @returns {Promise<import('./servers.mjs').Server & { sha256Domain: string, sasl2Domain: string }>}
 */
export async function startProsody({ dir: asked, ports = {}, accounts = [], write = prosodyConfig, ...config } = {}) {
  const program = findProsody();
  const control = findProsodyctl();
  if (!program || !control) throw new Error('Prosody is not installed: run "npm run setup".');
  const { dir, port, options, folder, remove } = await placeFor({ name: 'prosody', dir: asked, port: ports.http });
  const configFile = join(dir, 'prosody.cfg.lua');
  const log = join(dir, 'prosody.log');
  const sasl2 = hasProsodyModules();
  writeFileSync(configFile, write({ dir, port, sasl2, ...config }), { mode: 0o644 });
  // Where Prosody's user can read them, wherever this checkout is.
  cpSync(ownModules, join(dir, 'modules'), { recursive: true });
  folder('data');
  const child = childOf({ name: 'Prosody', command: program, args: ['--config', configFile, '-F'], options, port, log });

  /** Ends it politely and removes its folder if that was a temporary one. */
  async function stop() {
    await child.quit();
    remove();
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
    await child.start();
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    ...child,
    name: 'prosody',
    ws: `ws://localhost:${port}/xmpp-websocket`,
    bosh: `http://localhost:${port}/http-bind`,
    domain: 'localhost',
    guestDomain: 'guest.localhost',
    sha256Domain: 'sha256.localhost',
    // With tokens and everything in one go; only where the community's modules are installed.
    sasl2Domain: 'sasl2.localhost',
    roomsDomain: 'rooms.localhost',
    domainOf: { ANONYMOUS: 'guest.localhost', PLAIN: 'plain.localhost', 'SCRAM-SHA-1': 'localhost', 'SCRAM-SHA-256': 'sha256.localhost' },
    port,
    dir,
    log,
    stop,
    adduser,
    deluser,
  };
}

// Starts a real ejabberd on 127.0.0.1 as a child of ours, without Erlang's own network: the second server that the tests are judged by.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findEjabberd, findErlang } from '../../scripts/lib/programs.mjs';
import { childOf, placeFor } from './child.mjs';
import { ejabberdConfig } from './ejabberd-config.mjs';

/**
 * Starts ejabberd and resolves when it answers.
 *
 * @param {object} [options]
 * @param {string} [options.dir] its folder, kept between starts; without it a temporary one, removed by stop()
 * @param {{ http?: number }} [options.ports] a fixed port; by default a free one
 * @param {readonly { user: string, password: string, domain?: string }[]} [options.accounts] made after the first start
 * @param {boolean} [options.muc] a room service at rooms.localhost (default: yes)
 * @param {number} [options.resumeSeconds] how long a broken session may be resumed (default 120)
 * @param {number} [options.inactivitySeconds] how long a BOSH session may be silent (default 120)
 * @param {Readonly<Record<string, object>>} [options.modules] further modules of the configuration
 * @param {(place: { dir: string, port: number }) => string} [options.write] writes the whole configuration in place of ours
 * @returns {Promise<import('./servers.mjs').Server>}
 */
export async function startEjabberd({ dir: asked, ports = {}, accounts = [], write = ejabberdConfig, ...config } = {}) {
  const erlang = findErlang();
  const library = findEjabberd();
  if (!erlang || !library) throw new Error('ejabberd is not installed: run "npm run setup ejabberd".');
  const place = await placeFor({ name: 'ejabberd', dir: asked, port: ports.http });
  const { dir, port, folder, remove } = place;
  const configFile = join(dir, 'ejabberd.yml');
  const log = join(folder('logs'), 'ejabberd.log');
  writeFileSync(configFile, write({ dir, port, ...config }), { mode: 0o644 });
  const env = { ...place.options.env, EJABBERD_CONFIG_PATH: configFile, EJABBERD_LOG_PATH: log, ERL_LIBS: library, ERL_CRASH_DUMP_SECONDS: '0' };
  // Without a node name there is no distribution: no epmd is started, and no port but ours is opened.
  const args = ['-noinput', '-mnesia', 'dir', JSON.stringify(folder('spool')), '-s', 'ejabberd'];
  const child = childOf({ name: 'ejabberd', command: erlang, args, options: { ...place.options, env }, port, log });

  /** Ends it politely and removes its folder if that was a temporary one. */
  async function stop() {
    await child.quit();
    remove();
  }

  /** A command of ejabberd's own HTTP interface. Throws what it answers when it refuses, but for what is refused with `except`. */
  async function command(name, parameters, except) {
    const response = await fetch(`http://127.0.0.1:${port}/api/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(parameters) });
    const answer = (await response.text()).trim();
    if (!response.ok && response.status !== except) throw new Error(`ejabberd refused “${name}”: ${answer}`);
    return response.ok;
  }

  /** Makes an account, or gives an old one a new password. */
  async function adduser(user, password, host = 'localhost') {
    const isNew = await command('register', { user, host, password }, 409);
    if (!isNew) await command('change_password', { user, host, newpass: password });
  }

  /** Deletes an account. */
  async function deluser(user, host = 'localhost') {
    await command('unregister', { user, host });
  }

  try {
    await child.start();
    for (const { user, password, domain } of accounts) await adduser(user, password, domain);
  } catch (error) {
    await stop();
    throw error;
  }

  return {
    ...child,
    name: 'ejabberd',
    ws: `ws://localhost:${port}/xmpp-websocket`,
    bosh: `http://localhost:${port}/http-bind`,
    domain: 'localhost',
    guestDomain: 'guest.localhost',
    roomsDomain: 'rooms.localhost',
    domainOf: { ANONYMOUS: 'guest.localhost', PLAIN: 'plain.localhost', 'SCRAM-SHA-1': 'localhost', 'SCRAM-SHA-256': 'sha256.localhost', 'SCRAM-SHA-512': 'sha512.localhost' },
    port,
    dir,
    log,
    stop,
    adduser,
    deluser,
  };
}

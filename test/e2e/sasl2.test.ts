/** Logging in to a real Prosody with SASL2, Bind 2 and tokens: in one round trip, without the password after the first time, and falling back to what is left. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { chatIn } from '../support/chat.js';
import { probeIn, probeScript, type Probe } from '../support/probe.js';
import type { Tab } from '../support/tab.js';
import { until } from '../support/until.js';
import { page, people, startWorld, type World } from '../support/world.js';

declare global {
  interface Window {
    /** What the page wrote to the server. */
    written: string[];
  }
}

const DOMAIN = 'sasl2.localhost';
const SUPPORT = `support@${DOMAIN}`;

/** Notes what a page writes to its server; must run first. */
const noteScript = `<script>
window.written = [];
const { send } = WebSocket.prototype;
WebSocket.prototype.send = function (data) { written.push(String(data)); return send.call(this, data); };
const { fetch } = window;
window.fetch = (where, how) => { if (how?.body) written.push(...String(how.body).replace(/^<body[^>]*>|<\\/body>$/g, '').split(/(?<=<\\/authenticate>|<\\/response>)/)); return fetch(where, how); };
</script>`;

/** What a login says, in short: the elements, with the mechanism and what is asked for in one go. */
const inShort = (written: readonly string[]): readonly string[] =>
  written.flatMap(text => {
    const [, name = ''] = /^<([\w:-]+)/u.exec(text) ?? [];
    if (name === 'authenticate') return [['authenticate', /mechanism="([^"]*)"/u.exec(text)?.[1] ?? '', ...['resume', 'bind', 'enable', 'fast', 'request-token'].filter(part => text.includes(`<${part} `))].join(' ')];
    return ['auth', 'response', 'enable', 'resume'].includes(name) || /<bind /u.test(text) ? [name] : [];
  });

describe('an account on a server with SASL2 and tokens', () => {
  let world: World;
  let tab: Tab;
  let probe: Probe;
  const url = (): string => world.serve('/', page(world.element({ mode: 'page', domain: DOMAIN, to: SUPPORT }) + probeScript, noteScript));
  const open = async (): Promise<void> => {
    tab = await (await world.newProfile()).newTab();
    probe = probeIn(tab);
    await tab.open(url());
  };
  const login = async (): Promise<readonly string[]> => inShort(await tab.run(() => window.written));
  const tokens = (): string => join(world.server.dir, 'data/sasl2%2elocalhost/fast_tokens/ana.dat');
  const written = (text: string): Promise<unknown> => until(`“${text}” to be sent`, async () => (await probe.history(SUPPORT)).some(held => held.text === text && held.state === 'sent'));

  before(async () => {
    world = await startWorld();
    for (const name of ['ana', 'support']) await world.server.adduser(name, people.ana, DOMAIN);
    await open();
  });
  after(() => world.stop());

  it('logs in with a password of all scripts, binds and enables in one go, and gets a token', async () => {
    await probe.signIn('ana', people.ana);
    await probe.untilOnline();
    assert.deepEqual(await login(), ['authenticate SCRAM-SHA-1 bind enable request-token', 'response']);
    assert.ok(existsSync(tokens()));
    await probe.send(SUPPORT, 'before the reload');
    await written('before the reload');
  });

  it('shows what is stored and goes on with the same stream after a reload, in one round trip', async () => {
    const address = await probe.address();
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      await tab.open(url());
      await probe.untilOnline();
      // How long after the page began to load it is online; printed, not judged.
      times.push(await tab.run(() => Math.round(performance.now())));
      assert.deepEqual(await login(), ['authenticate HT-SHA-256-NONE resume bind enable fast']);
      assert.equal(await probe.address(), address);
      assert.deepEqual((await probe.history(SUPPORT)).map(({ text }) => text), ['before the reload']);
    }
    console.log(`  online again after a reload: ${times.sort((a, b) => a - b).join(', ')} ms`);
    await probe.send(SUPPORT, 'after the reload');
    await written('after the reload');
  });

  it('keeps neither the password nor anything readable on the device', async () => {
    const stored = await tab.run(async () => {
      const found: unknown[] = [];
      for (const { name = '' } of await indexedDB.databases()) {
        const database = await new Promise<IDBDatabase>((resolve, reject) => {
          const opening = indexedDB.open(name);
          opening.onsuccess = () => resolve(opening.result);
          opening.onerror = () => reject(opening.error ?? new Error('not opened'));
        });
        const rows = await new Promise<{ key: string; value: unknown }[]>(resolve => {
          const asking = database.transaction('keyvalue').objectStore('keyvalue').getAll();
          asking.onsuccess = () => resolve(asking.result as { key: string; value: unknown }[]);
        });
        database.close();
        for (const { key, value } of rows) found.push([key, value instanceof CryptoKey ? `key that is ${value.extractable ? '' : 'not '}extractable` : JSON.stringify(value, (_, each: unknown) => (each instanceof ArrayBuffer ? new TextDecoder().decode(each) : each))]);
      }
      return JSON.stringify(found);
    });
    assert.match(stored, /key that is not extractable/u);
    const token = /secret-token:[\w-]+/u.exec(readFileSync(tokens(), 'utf8'))?.[0] ?? 'no token';
    for (const secret of [token, people.ana, 'secret-token', 'clientKey']) assert.ok(!stored.includes(secret), `${secret} can be read`);
  });

  it('falls back to the keys of the password where the token is not known any more, and still goes on', async () => {
    const address = await probe.address();
    rmSync(tokens());
    await tab.open(url());
    await probe.untilOnline();
    assert.deepEqual(await login(), ['authenticate HT-SHA-256-NONE resume bind enable fast', 'authenticate SCRAM-SHA-1 resume bind enable request-token', 'response']);
    assert.equal(await probe.address(), address);
    assert.ok(existsSync(tokens()), 'there is a new token');
  });

  it('binds anew where the stream is gone, without the password', async () => {
    await world.server.quit();
    await world.server.start();
    await tab.open(url());
    await probe.untilOnline();
    assert.deepEqual((await login()).at(-1), 'authenticate HT-SHA-256-NONE resume bind enable fast');
    await probe.send(SUPPORT, 'after the restart');
    await written('after the restart');
  });

  it('asks for the password again, with what is stored out of sight, once nothing that is kept serves', async () => {
    await world.server.quit();
    rmSync(tokens());
    await world.server.adduser('ana', 'another one', DOMAIN);
    await world.server.start();
    await tab.open(url());
    const problem = await until('the login to say why', async () => (await chatIn(tab).look()).problem);
    assert.match(problem, /^You are signed out on this device/u);
    assert.equal(await probe.ready(), false);
    await tab.open(url());
    await tab.sees('stoa-chat >>> form.login');
    assert.deepEqual(await login(), [], 'what was refused is not tried again');
    await probe.signIn('ana', 'another one');
    await probe.untilOnline();
    assert.deepEqual((await probe.history(SUPPORT)).map(({ text }) => text), ['before the reload', 'after the reload', 'after the restart']);
  });

  it('has the server forget the token when it signs out, and shows the login from then on', async () => {
    const [device] = /\["[0-9a-f]+-(?:new|cur)"\]/u.exec(readFileSync(tokens(), 'utf8')) ?? [];
    assert.ok(device);
    await tab.click('stoa-chat >>> .sign-out');
    await tab.sees('stoa-chat >>> form.login');
    await until('the server to forget the token', () => !existsSync(tokens()) || !readFileSync(tokens(), 'utf8').includes('secret-token'));
    await tab.open(url());
    await tab.sees('stoa-chat >>> form.login');
    assert.deepEqual(await login(), []);
  });

  it('is gone with the page where nobody asked to stay', async () => {
    await open();
    await tab.sees('stoa-chat >>> #login-stay');
    await tab.fill('stoa-chat >>> #login-address', 'ana');
    await tab.fill('stoa-chat >>> #login-password', 'another one');
    await tab.click('stoa-chat >>> [type=submit]');
    await probe.untilOnline();
    await tab.open(url());
    await tab.sees('stoa-chat >>> form.login');
    assert.deepEqual(await login(), []);
  });
});

describe('an account on such a server, over BOSH', () => {
  let world: World;
  before(async () => {
    world = await startWorld({ transport: 'bosh' });
    await world.server.adduser('ana', people.ana, DOMAIN);
  });
  after(() => world.stop());

  it('binds in one go, leaves the counting to the transport, and logs in by token when its session is over', async () => {
    const tab = await (await world.newProfile()).newTab();
    const probe = probeIn(tab);
    const url = world.serve('/', page(world.element({ mode: 'page', domain: DOMAIN }) + probeScript, noteScript));
    await tab.open(url);
    await probe.signIn('ana', people.ana);
    await probe.untilOnline();
    assert.deepEqual(inShort(await tab.run(() => window.written)), ['authenticate SCRAM-SHA-1 bind enable request-token', 'response']);
    assert.ok(!(await tab.run(() => window.written)).some(text => text.includes('urn:xmpp:sm:3')));
    await tab.sees('stoa-chat >>> .sign-out');
    await tab.open(url);
    await probe.untilOnline();
    assert.deepEqual(inShort(await tab.run(() => window.written)), [], 'the session goes on without a login');
    await world.server.quit();
    await world.server.start();
    await tab.open(url);
    await probe.untilOnline();
    assert.deepEqual(inShort(await tab.run(() => window.written)), ['authenticate HT-SHA-256-NONE bind enable fast']);
  });
});

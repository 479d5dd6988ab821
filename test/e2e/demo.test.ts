/** `npm run demo`: prints where everything is, works in a browser, and leaves nothing running however it ends. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { root } from '../../scripts/lib/root.mjs';
import { startBrowser } from '../support/browsers.js';
import { chatIn } from '../support/chat.js';
import { commandOf, family, isAlive } from '../support/processes.js';
import { makeTab } from '../support/tab.js';
import { until } from '../support/until.js';

const folder = mkdtempSync(join(tmpdir(), 'stoa-demo-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What a failed test left running, so that the next one and the run itself can end. */
const started: ChildProcess[] = [];
after(() => started.forEach(child => child.kill('SIGKILL')));

interface Demo {
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly pids: readonly number[];
  readonly exit: Promise<number | null>;
}

/** Starts the demo as a person does; settles when it has printed its addresses. */
const startDemo = async (command: string, args: readonly string[]): Promise<Demo> => {
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  started.push(child);
  let said = '';
  const hear = (chunk: Buffer): void => void (said += chunk.toString());
  child.stdout.on('data', hear);
  child.stderr.on('data', hear);
  const exit = new Promise<number | null>(resolve => void child.on('exit', resolve));
  await until('the addresses', () => said.includes('Ctrl-C ends all of it.') || child.exitCode !== null, () => said, 60_000);
  assert.equal(child.exitCode, null, said);
  return { child, said: () => said, pids: family(child.pid ?? 0), exit };
};
const start = (): Promise<Demo> => startDemo(process.execPath, ['scripts/demo.mjs', '--data', folder]);

const allGone = async ({ pids, said }: Demo): Promise<void> => {
  await until('nothing to be running', () => !pids.some(isAlive), () => `${pids.filter(isAlive).map(commandOf).join(' | ')} ${said()}`);
};

describe('the demo', () => {
  it('prints pages and accounts that work in a browser, with what was said before', async () => {
    const demo = await start();
    const said = demo.said();
    const shop = /(http:\/\/localhost:\d+\/pages\/shop\.html)/u.exec(said)?.[1] ?? '';
    const client = /(http:\/\/localhost:\d+\/pages\/client\.html)/u.exec(said)?.[1] ?? '';
    const article = /(http:\/\/localhost:\d+\/pages\/article\.html)/u.exec(said)?.[1] ?? '';
    const [, address = '', password = ''] = /(support@localhost) +password: (\S+)/u.exec(said) ?? [];
    const browser = await startBrowser();
    try {
      const desk = makeTab(await (await browser.newProfile()).newTab());
      await desk.open(client);
      const support = chatIn(desk);
      await support.logIn(address.replace('@localhost', ''), password);
      await desk.until('the first conversations', () => (document.querySelector('stoa-chat')?.shadowRoot?.querySelectorAll('stoa-conversation-list a').length ?? 0) >= 2);
      const visit = makeTab(await (await browser.newProfile()).newTab());
      await visit.open(shop);
      await chatIn(visit).open();
      await chatIn(visit).write('Hello from the shop');
      await chatIn(visit).message('Hello from the shop', 'sent', 'delivered');
      await visit.open(article);
      await chatIn(visit).write('Hello from the article');
      await chatIn(visit).message('Hello from the article', 'sent', 'delivered');
      await desk.until('the visitor’s words', () => (document.querySelector('stoa-chat')?.shadowRoot?.querySelector('stoa-conversation-list')?.textContent ?? '').includes('Hello from the article'));
      assert.deepEqual([...desk.complaints, ...visit.complaints], []);
    } finally {
      await browser.close();
    }
    process.kill(demo.child.pid ?? 0, 'SIGINT');
    assert.equal(await demo.exit, 0);
    await allGone(demo);
  });

  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
    it(`leaves nothing running after ${signal}, and starts again from the kept data`, async () => {
      const demo = await start();
      assert.ok(demo.pids.length >= 3, 'the demo, the guard of the server and the server');
      demo.child.kill(signal);
      await demo.exit;
      await allGone(demo);
    });
  }

  it('ends when npm is killed that started it', async () => {
    const demo = await startDemo('npm', ['run', '--silent', 'demo', '--', '--data', folder]);
    demo.child.kill('SIGKILL');
    await allGone(demo);
  });

  it('takes other ports where its own are taken, and its pages follow', async () => {
    const taken = await Promise.all([5290, 8090].map(async port => {
      const server = createServer();
      // Somebody else may have it already, which is as good.
      await new Promise<void>(resolve => void server.once('error', () => resolve()).listen(port, '127.0.0.1', resolve));
      return server;
    }));
    const demo = await start();
    assert.match(demo.said(), /Port 5290 is taken, so the XMPP server listens on \d+\./u);
    assert.match(demo.said(), /Port 8090 is taken, so the pages are on \d+\./u);
    const address = /http:\/\/localhost:\d+\/pages\/shop\.html/u.exec(demo.said())?.[0] ?? '';
    const port = /ws:\/\/localhost:(\d+)\//u.exec(demo.said())?.[1] ?? '';
    const meta = await (await fetch(new URL('/.well-known/host-meta.json', address))).text();
    assert.ok(meta.includes(`ws://localhost:${port}/`), 'the pages find the server’s port');
    demo.child.kill('SIGINT');
    await allGone(demo);
    for (const server of taken) if (server.listening) server.close();
  });

  it('a second demo beside it has data of its own and disturbs nobody', async () => {
    const first = await start();
    const second = await start();
    assert.match(second.said(), /Another demo runs with the kept data/u);
    second.child.kill('SIGINT');
    await allGone(second);
    const port = Number(/ws:\/\/localhost:(\d+)\//u.exec(first.said())?.[1]);
    assert.ok(first.pids.every(isAlive));
    assert.ok((await fetch(`http://localhost:${port}/xmpp-websocket`)).status > 0);
    first.child.kill('SIGINT');
    await allGone(first);
  });
});

/** The script tag in a page: nothing before the click, from any place, once, and with a queue that a page can trust. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { visitorFiles } from '../../scripts/lib/loads.mjs';
import { root } from '../../scripts/lib/root.mjs';
import { chatIn } from '../support/chat.js';
import { until } from '../support/until.js';
import { watcherScript } from '../support/watcher.js';
import { page, startWorld, type World } from '../support/world.js';

const watching = `<script>${watcherScript()}</script>`;

describe('the tag', () => {
  let world: World;
  before(async () => void (world = await startWorld()));
  after(() => world.stop());

  it('asks for nothing, stores nothing and connects to nothing before the first click', async () => {
    const profile = await world.newProfile();
    const tab = await profile.newTab();
    world.site.requests.length = 0;
    await tab.open(world.serve('/shop', page(world.tag(), watching)));
    await tab.sees('stoa-chat >>> [part=launcher]');
    assert.deepEqual(world.site.requests, ['/shop', '/dist/stoa.js']);
    assert.deepEqual(await tab.run(() => performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)), ['/dist/stoa.js']);
    const held = await tab.run(() => window.watch());
    assert.equal(held.databases, 0);
    assert.equal(held.stored, false);
    assert.equal(held.sockets, 0);
    assert.equal(held.locks, 0);
    assert.equal(held.timers, 0);
    assert.equal(world.wire.asked, 0);
    // The same things are seen once somebody clicks, so the test would have seen them before.
    await chatIn(tab).open();
    await until('a connection', () => world.wire.asked > 0);
    await tab.until('a database', async () => (await window.watch()).databases > 0);
    await chatIn(tab).write('All is loaded');
    await chatIn(tab).message('All is loaded', 'sent', 'delivered');
    // The size check weighs what it believes that a visitor loads: here is what was loaded.
    const loaded = new Set(world.site.requests.filter(path => path.startsWith('/dist/')).map(path => path.replace('/dist/', '')));
    assert.deepEqual([...loaded].sort(), visitorFiles().loaded);
    await profile.close();
  });

  it('calls what waits in the queue in order, reports one that throws, and calls later ones at once', async () => {
    const profile = await world.newProfile();
    const tab = await profile.newTab();
    const queue = `<script>
      window.said = []; window.chats = [];
      (window.stoa ||= []).push(chat => { said.push('first'); chats.push(chat); });
      window.stoa.push(() => { throw new Error('no luck'); });
      window.stoa.push(chat => { said.push(chat === chats[0] ? 'same chat' : 'another chat'); chat.on('open', () => said.push('open')); });
    </script>`;
    await tab.open(world.serve('/queue', page(`${queue}${world.tag()}`)));
    await tab.until('the queue', () => window.said.length === 2);
    assert.deepEqual(await tab.run(() => window.said), ['first', 'same chat']);
    assert.equal(tab.complaints.filter(text => text.includes('no luck')).length, 1, tab.complaints.join('\n'));
    await tab.run(() => {
      const { stoa } = window as unknown as { stoa: { push(run: (chat: { open(): void }) => void): void } };
      stoa.push(chat => chat.open());
      window.said.push('after');
    });
    await tab.sees('stoa-chat >>> textarea');
    await tab.until('the event', () => window.said.includes('open'));
    assert.equal(await tab.run(() => window.chats[0]?.isOpen), true);
    await profile.close();
  });

  it('is one chat when it is evaluated twice', async () => {
    const profile = await world.newProfile();
    const tab = await profile.newTab();
    await tab.open(world.serve('/twice', page(`<script>window.said = []; (window.stoa ||= []).push(() => said.push('called'));</script>${world.tag()}${world.tag().replace('stoa.js', 'stoa.js?2')}`)));
    await tab.until('both scripts', () => performance.getEntriesByType('resource').filter(({ name }) => name.includes('stoa.js')).length === 2 && window.said.length > 0);
    assert.equal(await tab.run(() => document.querySelectorAll('stoa-chat').length), 1);
    assert.deepEqual(await tab.run(() => window.said), ['called']);
    await chatIn(tab).open();
    await profile.close();
  });

  it('works from any folder of another origin that allows it, with no path set', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'stoa-cdn-'));
    cpSync(join(root, 'dist'), join(folder, 'chat/v1'), { recursive: true });
    const cdn = await world.anotherSite({ folders: { '/some/where/': folder }, cors: true });
    const profile = await world.newProfile();
    const tab = await profile.newTab();
    await tab.open(world.serve('/elsewhere', page(world.tag().replace('/dist/stoa.js', `${cdn.url}/some/where/chat/v1/stoa.js`))));
    const chat = chatIn(tab);
    await chat.open();
    await chat.write('From another origin');
    await chat.message('From another origin', 'sent', 'delivered');
    assert.ok(cdn.requests.every(path => path.startsWith('/some/where/chat/v1/')), cdn.requests.join(' '));
    assert.deepEqual(tab.complaints, []);
    await profile.close();
    rmSync(folder, { recursive: true });
  });

  it('is not needed by a page with modules: createChat puts a chat into a box and takes it out', async () => {
    const profile = await world.newProfile();
    const tab = await profile.newTab();
    const script = `<script type="module">
      import { createChat } from '/dist/index.js';
      window.chats = [createChat({ mode: 'inline', target: '#box', service: ['${world.service}'], domain: 'guest.localhost', to: 'support@localhost' })];
      try { createChat({ mode: 'inline', target: '#nowhere' }); } catch (error) { window.said = [error.code]; }
    </script>`;
    await tab.open(world.serve('/module', page(`<div id="box" style="height: 400px"></div>${script}`)));
    const chat = chatIn(tab, '#box stoa-chat');
    await chat.write('From a module');
    await chat.message('From a module', 'sent', 'delivered');
    assert.deepEqual(await tab.run(() => window.said), ['target-missing']);
    await tab.run(() => window.chats[0]?.destroy());
    assert.equal(await tab.run(() => document.querySelectorAll('stoa-chat').length), 0);
    await profile.close();
  });

  it('says on the element and in the console which option is wrong', async () => {
    const profile = await world.newProfile();
    const tab = await profile.newTab();
    await tab.open(world.serve('/wrong', page(world.tag({ theme: 'pink' }))));
    const chat = chatIn(tab);
    await chat.click('[part=launcher]');
    await chat.until('the sentence', ({ problem }) => problem.includes('The option “theme” is “pink”: allowed are auto, light, dark and contrast.'));
    assert.ok(tab.complaints.some(text => text.includes('The option “theme” is “pink”')), tab.complaints.join('\n'));
    await profile.close();
  });
});

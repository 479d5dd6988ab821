/** A chat that is taken out of a page leaves nothing behind, whenever that happens; two chats in one page are two. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { chatIn } from '../support/chat.js';
import type { Tab } from '../support/tab.js';
import { until } from '../support/until.js';
import { watcherScript } from '../support/watcher.js';
import { page, startWorld, type World } from '../support/world.js';

/** What destroy() may take, in milliseconds, and a little for the driver. */
const DESTROY_MS = 2_500;

describe('a chat that goes', () => {
  let world: World;
  before(async () => void (world = await startWorld()));
  after(() => world.stop());

  const openPage = async (): Promise<Tab> => {
    const tab = await (await world.newProfile()).newTab();
    await tab.open(world.serve('/going', page(`<script>${watcherScript()} window.chats = []; (window.stoa ||= []).push(chat => chats.push(chat));</script>${world.tag()}`)));
    await tab.sees('stoa-chat >>> [part=launcher]');
    return tab;
  };

  /** Destroys it and looks whether anything is held that was not held by the page before. */
  const destroyed = async (tab: Tab): Promise<void> => {
    await Promise.race([tab.run(() => window.chats[0]?.destroy()), new Promise((_, reject) => setTimeout(() => reject(new Error('destroy() took longer than it may')), DESTROY_MS).unref())]);
    assert.equal(await tab.run(() => document.querySelectorAll('stoa-chat').length), 0);
    await tab.until('nothing to be held', async () => {
      const { timers, frames, sockets, channels, listeners, observers, locks } = await window.watch();
      return timers + frames + sockets + channels + listeners.length + observers + locks === 0;
    });
    // Firefox waits for the answer to a handshake before it lets go of the wire.
    world.wire.letGo();
    await until('no connection', () => world.wire.open === 0);
    // A database that somebody holds open cannot be deleted.
    assert.equal(
      await tab.run(async () => {
        for (const { name = '' } of await indexedDB.databases()) {
          const blocked = await new Promise<boolean>((resolve, reject) => {
            const request = indexedDB.deleteDatabase(name);
            request.onblocked = () => resolve(true);
            request.onsuccess = () => resolve(false);
            request.onerror = () => reject(new Error(name));
          });
          if (blocked) return name;
        }
        return 'all closed';
      }),
      'all closed',
    );
  };

  it('by what waits in the queue', async () => {
    const tab = await (await world.newProfile()).newTab();
    await tab.open(world.serve('/ended', page(`<script>window.said = []; (window.stoa ||= []).push(chat => { chat.open(); chat.destroy().then(() => said.push('ended')); });</script>${world.tag()}`)));
    await tab.until('the end', () => window.said.length > 0);
    assert.deepEqual(await tab.run(() => [Object.hasOwn(window, 'stoa'), document.querySelectorAll('stoa-chat').length]), [false, 0]);
    assert.deepEqual(tab.complaints, []);
  });

  it('before the first click', async () => {
    const tab = await openPage();
    await destroyed(tab);
    assert.deepEqual(tab.complaints, []);
  });

  it('while its code is being loaded', async () => {
    const tab = await openPage();
    await tab.run(() => window.chats[0]?.open());
    await destroyed(tab);
    assert.deepEqual(tab.complaints, []);
  });

  it('while it connects to a server that does not answer', async () => {
    const tab = await openPage();
    world.wire.hold('down');
    await tab.run(() => window.chats[0]?.open());
    await until('a connection', () => world.wire.open > 0);
    await destroyed(tab);
    // The browser itself remarks that the socket was closed before it had opened.
    assert.deepEqual(tab.complaints.filter(text => !/closed before the connection is established|interrupted while|can.t establish a connection/u.test(text)), []);
  });

  it('in the middle of a conversation', async () => {
    const tab = await openPage();
    const chat = chatIn(tab);
    await chat.open();
    await chat.write('Goodbye');
    await chat.message('Goodbye', 'sent', 'delivered');
    await chat.type('half a sent');
    await destroyed(tab);
    assert.deepEqual(tab.complaints, []);
  });
});

describe('two chats in one page', () => {
  let world: World;
  before(async () => void (world = await startWorld()));
  after(() => world.stop());

  it('talk to two people and do not mix, also after a reload', async () => {
    const support = await world.peer('support');
    const ana = await world.peer('ana');
    const tab = await (await world.newProfile()).newTab();
    const box = (id: string, to: string): string => `<section style="height: 380px">${world.element({ mode: 'inline', to }).replace('<stoa-chat', `<stoa-chat id="${id}"`)}</section>`;
    await tab.open(world.serve('/two', page(box('one', 'support@localhost') + box('two', 'ana@localhost'))));
    const one = chatIn(tab, '#one');
    const two = chatIn(tab, '#two');
    await one.write('for support');
    await two.write('for Ana');
    await one.message('for support', 'sent', 'delivered');
    await two.message('for Ana', 'sent', 'delivered');
    const from = async (peer: typeof ana, text: string): Promise<string> => (await peer.message(stanza => stanza.getChildText('body') === text)).attrs['from'] ?? '';
    await support.say(await from(support, 'for support'), 'from support');
    await ana.say(await from(ana, 'for Ana'), 'from Ana');
    await one.texts('for support', 'from support');
    await two.texts('for Ana', 'from Ana');
    await tab.reload();
    await one.texts('for support', 'from support');
    await two.texts('for Ana', 'from Ana');
  });
});

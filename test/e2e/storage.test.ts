/** When the browser takes the storage away, for real: no room, and data cleared under an open page. No message is lost, and none is sent twice. */
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { chatIn, type ChatPage } from '../support/chat.js';
import type { Tab } from '../support/tab.js';
import { page, startWorld, type Peer, type World } from '../support/world.js';

describe('storage that fails', () => {
  let world: World;
  let judge: Peer;
  let tab: Tab;
  let chat: ChatPage;
  let close: () => Promise<void>;
  before(async () => void (world = await startWorld()));
  after(() => world.stop());
  beforeEach(async () => {
    const profile = await world.newProfile();
    close = profile.close;
    tab = await profile.newTab();
    chat = chatIn(tab);
    judge = await world.peer('support', { available: false });
  });
  afterEach(async () => {
    world.wire.refuse(false);
    await close();
    await judge.stop();
  });

  const openShop = async (): Promise<void> => {
    await tab.open(world.serve('/shop', page(world.tag())));
    await chat.open();
  };
  const counted = async (text: string): Promise<number> => (await world.archived(judge)).filter(other => other === text).length;
  const says = (sentence: string): Promise<unknown> => tab.until(`“${sentence}”`, wanted => document.querySelector('stoa-chat')?.shadowRoot?.querySelector('.hint')?.textContent?.includes(wanted), sentence);
  /** Whether the disk holds a text to be sent; runs in the page. */
  const onDisk = async (text: string): Promise<boolean> => {
    for (const { name } of await indexedDB.databases()) {
      const found = await new Promise<boolean>(resolve => {
        const opening = indexedDB.open(name ?? '');
        opening.onerror = () => resolve(false);
        opening.onsuccess = () => {
          const db = opening.result;
          db.onversionchange = () => db.close();
          if (!db.objectStoreNames.contains('outbox')) return resolve(false);
          const all = db.transaction('outbox').objectStore('outbox').getAll();
          all.onsuccess = () => {
            db.close();
            resolve(JSON.stringify(all.result).includes(text));
          };
          return undefined;
        };
      });
      if (found) return true;
    }
    return false;
  };

  it('a disk without room: what is written is sent all the same, once, and what will be gone is said', async t => {
    if (!tab.devtools) return t.diagnostic('This driver cannot do it.');
    await openShop();
    await chat.write('while there was room');
    await chat.message('while there was room', 'sent', 'delivered');
    await tab.devtools('Storage.overrideQuotaForOrigin', { origin: new URL(world.site.url).origin, quotaSize: 1 });
    await chat.write('without room');
    await chat.message('without room', 'sent', 'delivered');
    await says('This device has no room left, so new messages are gone when you close the page. Free some space and reload it.');
    await chat.write('still without room');
    await chat.message('still without room', 'sent', 'delivered');
    await chat.texts('while there was room', 'without room', 'still without room');
    await tab.devtools('Storage.overrideQuotaForOrigin', { origin: new URL(world.site.url).origin });
    await tab.reload();
    await chat.open();
    await chat.message('while there was room');
    await chat.write('room again');
    await chat.message('room again', 'sent', 'delivered');
    for (const text of ['while there was room', 'without room', 'still without room', 'room again']) assert.equal(await counted(text), 1, text);
  });

  it('data that is cleared under an open page: what waits is stored again, and sent once by the next page', async t => {
    if (!tab.devtools) return t.diagnostic('This driver cannot do it.');
    await openShop();
    await chat.write('an opening');
    await chat.message('an opening', 'sent', 'delivered');
    world.wire.refuse(true);
    world.wire.cut();
    await chat.write('waits for the network');
    await chat.message('waits for the network', 'queued');
    await tab.devtools('Storage.clearDataForOrigin', { origin: new URL(world.site.url).origin, storageTypes: 'indexeddb' });
    await tab.until('the message to be stored again', onDisk, 'waits for the network');
    await tab.reload();
    await chat.open();
    await chat.message('waits for the network', 'queued');
    world.wire.refuse(false);
    await chat.message('waits for the network', 'sent', 'delivered');
    assert.equal(await counted('waits for the network'), 1);
  });
});

/** When the browser takes the storage away, for real: no room, and data cleared under an open page. No message is lost, and none is sent twice. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shopVisits } from '../support/shop-visit.js';

describe('storage that fails', () => {
  const shop = shopVisits();
  const says = (sentence: string): Promise<unknown> => shop.tab.until(`“${sentence}”`, wanted => document.querySelector('stoa-chat')?.shadowRoot?.querySelector('.hint')?.textContent?.includes(wanted), sentence);
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
    if (!shop.tab.devtools) return t.diagnostic('This driver cannot do it.');
    await shop.open();
    await shop.chat.write('while there was room');
    await shop.chat.message('while there was room', 'sent', 'delivered');
    await shop.tab.devtools('Storage.overrideQuotaForOrigin', { origin: new URL(shop.world.site.url).origin, quotaSize: 1 });
    await shop.chat.write('without room');
    await shop.chat.message('without room', 'sent', 'delivered');
    await says('This device has no room left, so new messages are gone when you close the page. Free some space and reload it.');
    await shop.chat.write('still without room');
    await shop.chat.message('still without room', 'sent', 'delivered');
    await shop.chat.texts('while there was room', 'without room', 'still without room');
    await shop.tab.devtools('Storage.overrideQuotaForOrigin', { origin: new URL(shop.world.site.url).origin });
    await shop.tab.reload();
    await shop.chat.open();
    await shop.chat.message('while there was room');
    await shop.chat.write('room again');
    await shop.chat.message('room again', 'sent', 'delivered');
    for (const text of ['while there was room', 'without room', 'still without room', 'room again']) assert.equal(await shop.counted(text), 1, text);
  });

  it('data that is cleared under an open page: what waits is stored again, and sent once by the next page', async t => {
    if (!shop.tab.devtools) return t.diagnostic('This driver cannot do it.');
    await shop.open();
    await shop.chat.write('an opening');
    await shop.chat.message('an opening', 'sent', 'delivered');
    shop.world.wire.refuse(true);
    shop.world.wire.cut();
    await shop.chat.write('waits for the network');
    await shop.chat.message('waits for the network', 'queued');
    await shop.tab.devtools('Storage.clearDataForOrigin', { origin: new URL(shop.world.site.url).origin, storageTypes: 'indexeddb' });
    await shop.tab.until('the message to be stored again', onDisk, 'waits for the network');
    await shop.tab.reload();
    await shop.chat.open();
    await shop.chat.message('waits for the network', 'queued');
    shop.world.wire.refuse(false);
    await shop.chat.message('waits for the network', 'sent', 'delivered');
    assert.equal(await shop.counted('waits for the network'), 1);
  });
});

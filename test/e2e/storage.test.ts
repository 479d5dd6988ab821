/** When the disk has no room any more, or is cleared under an open page, for real: no message is lost, and none is sent twice. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shopVisits } from '../support/shop-visit.js';
import { page } from '../support/world.js';

/** The room of the shop's origin on the disk, in bytes. */
const QUOTA = 4_000_000;

describe('storage that fails', () => {
  const shop = shopVisits();
  const says = (sentence: string): Promise<unknown> => shop.tab.until(`“${sentence}”`, wanted => document.querySelector('stoa-chat')?.shadowRoot?.querySelector('.hint')?.textContent?.includes(wanted), sentence);
  /** Whether the disk holds a text to be sent; runs in the page. */
  const onDisk = async (text: string): Promise<boolean> => {
    for (const { name } of await indexedDB.databases()) {
      const found = await new Promise<boolean>(resolve => {
        const opening = indexedDB.open(name ?? '');
        // What is gone by now is not made anew by looking.
        opening.onupgradeneeded = () => opening.transaction?.abort();
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
  /** Fills what is left of the disk, to the last byte; runs in the page. */
  const fillDisk = async (): Promise<void> => {
    const db = await new Promise<IDBDatabase>((resolve, reject) => {
      const opening = indexedDB.open('what else is on this disk', 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore('bytes', { autoIncrement: true });
      opening.onerror = () => reject(new Error(String(opening.error)));
      opening.onsuccess = () => resolve(opening.result);
    });
    const put = (size: number): Promise<boolean> =>
      new Promise(resolve => {
        const bytes = new Uint8Array(size);
        for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, at + 65_536));
        const tx = db.transaction('bytes', 'readwrite');
        tx.objectStore('bytes').add(bytes);
        tx.oncomplete = () => resolve(true);
        tx.onabort = () => resolve(false);
      });
    for (let size = 1_048_576; size >= 1; size /= 2) while (await put(size));
    db.close();
  };

  it('a disk without room: what is written is sent all the same, once, and what will be gone is said', async t => {
    if (!shop.tab.devtools) return t.diagnostic('This driver cannot do it.');
    const { origin } = new URL(shop.world.site.url);
    // Before the page is there: Chromium remembers for a while how much room it found.
    await shop.tab.devtools('Storage.overrideQuotaForOrigin', { origin, quotaSize: QUOTA });
    await shop.open();
    await shop.chat.write('while there was room');
    await shop.chat.message('while there was room', 'sent', 'delivered');
    await shop.tab.run(fillDisk);
    await shop.chat.write('without room');
    await shop.chat.message('without room', 'sent', 'delivered');
    await says('This device has no room left, so new messages are gone when you close the page. Free some space and reload it.');
    await shop.chat.write('still without room');
    await shop.chat.message('still without room', 'sent', 'delivered');
    await shop.chat.texts('while there was room', 'without room', 'still without room');
    await shop.tab.devtools('Storage.overrideQuotaForOrigin', { origin });
    await shop.tab.reload();
    await shop.chat.open();
    await shop.chat.message('while there was room');
    await shop.chat.write('room again');
    await shop.chat.message('room again', 'sent', 'delivered');
    for (const text of ['while there was room', 'without room', 'still without room', 'room again']) assert.equal(await shop.counted(text), 1, text);
  });

  for (const by of ['a person', 'another tab'] as const) {
    /** Runs in a page of the same site. */
    const deleteAll = async (): Promise<void> => {
      for (const { name = '' } of await indexedDB.databases()) {
        await new Promise<void>((resolve, reject) => {
          const deleting = indexedDB.deleteDatabase(name);
          deleting.onsuccess = () => resolve();
          deleting.onerror = () => reject(new Error(String(deleting.error)));
        });
      }
    };
    const clear = async (): Promise<void> => {
      if (by === 'a person') await shop.tab.devtools?.('Storage.clearDataForOrigin', { origin: new URL(shop.world.site.url).origin, storageTypes: 'all' });
      else {
        const other = await shop.another();
        await other.open(shop.world.serve('/elsewhere', page('Elsewhere')));
        await other.run(deleteAll);
        await other.close();
      }
    };

    it(`data that ${by} clears under an open page: the chat goes on, both ways, and again the next time`, async t => {
      if (by === 'a person' && !shop.tab.devtools) return t.diagnostic('This driver cannot do it.');
      await shop.open();
      await shop.chat.write('an opening');
      await shop.chat.message('an opening', 'sent', 'delivered');
      for (const round of ['one', 'two']) {
        await clear();
        await shop.chat.write(`after ${by} cleared, ${round}`);
        await shop.chat.message(`after ${by} cleared, ${round}`, 'sent', 'delivered');
        await shop.chat.write(`and more after ${by}, ${round}`);
        await shop.chat.message(`and more after ${by}, ${round}`, 'sent', 'delivered');
      }
      for (const round of ['one', 'two']) for (const text of [`after ${by} cleared, ${round}`, `and more after ${by}, ${round}`]) assert.equal(await shop.counted(text), 1, text);
    });

    it(`data that ${by} clears while something waits: it is stored again, and sent once by the next page`, async t => {
      if (by === 'a person' && !shop.tab.devtools) return t.diagnostic('This driver cannot do it.');
      await shop.open();
      await shop.chat.write('an opening');
      await shop.chat.message('an opening', 'sent', 'delivered');
      shop.world.wire.refuse(true);
      shop.world.wire.cut();
      await shop.chat.write(`waits while ${by} clears`);
      await shop.chat.message(`waits while ${by} clears`, 'queued');
      await clear();
      await shop.tab.until('the message to be stored again', onDisk, `waits while ${by} clears`);
      await shop.tab.reload();
      await shop.chat.open();
      await shop.chat.message(`waits while ${by} clears`, 'queued');
      shop.world.wire.refuse(false);
      await shop.chat.message(`waits while ${by} clears`, 'sent', 'delivered');
      assert.equal(await shop.counted(`waits while ${by} clears`), 1);
    });
  }
});

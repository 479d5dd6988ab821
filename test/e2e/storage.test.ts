/** When the disk has no room any more, for real: no message is lost, and none is sent twice. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shopVisits } from '../support/shop-visit.js';

/** The room of the shop's origin on the disk, in bytes. */
const QUOTA = 4_000_000;

describe('storage that fails', () => {
  const shop = shopVisits();
  const says = (sentence: string): Promise<unknown> => shop.tab.until(`“${sentence}”`, wanted => document.querySelector('stoa-chat')?.shadowRoot?.querySelector('.hint')?.textContent?.includes(wanted), sentence);
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
});

/** A page that is left in the moment of sending: what was written is a message or still a draft, never neither and never both. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shopVisits } from '../support/shop-visit.js';

/** In milliseconds after Enter. */
const MOMENTS = [0, 1, 3, 8, 15, 30];

describe('a page that is left right after Enter', () => {
  const shop = shopVisits();

  /** Whether a text is stored as a draft; runs in the page. */
  const isDraft = async (text: string): Promise<boolean> => {
    const result = <T>(request: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(new Error(String(request.error)));
      });
    for (const { name = '' } of await indexedDB.databases()) {
      const db = await result(indexedDB.open(name));
      const records = db.objectStoreNames.contains('conversations') ? await result(db.transaction('conversations').objectStore('conversations').getAll()) : [];
      db.close();
      if (records.some(({ draft }: { readonly draft: string }) => draft === text)) return true;
    }
    return false;
  };
  /** Presses Enter and leaves for the next page; runs in the page. */
  const enterAndLeave = (ms: number, next: string): void => {
    document.querySelector('stoa-chat')?.shadowRoot?.querySelector('textarea')?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }));
    if (ms === 0) location.href = next;
    else setTimeout(() => (location.href = next), ms);
  };
  const inField = (): string | undefined => document.querySelector('stoa-chat')?.shadowRoot?.querySelector('textarea')?.value;

  it('has lost nothing and doubled nothing', async () => {
    await shop.open();
    for (const ms of MOMENTS) {
      const text = `left after ${ms} ms`;
      const next = `/shop?after=${ms}`;
      await shop.chat.type(text);
      await shop.tab.until('the draft', isDraft, text);
      await shop.tab.run(enterAndLeave, ms, next);
      await shop.tab.until('the next page', wanted => location.href.endsWith(wanted) && document.readyState === 'complete', next);
      await shop.chat.open();
      await shop.tab.until(`“${text}”`, wanted => {
        const root = document.querySelector('stoa-chat')?.shadowRoot;
        return root?.querySelector('textarea')?.value === wanted || [...(root?.querySelectorAll('article.message .text') ?? [])].some(({ textContent }) => textContent === wanted);
      }, text);
      // If it is only a draft, it is sent now; if it were both, it would be there twice.
      if ((await shop.tab.run(inField)) === text) await shop.tab.run(enterAndLeave, 1e9, '');
      // A guest's stream does not outlive its page, so what was being written to it may be unconfirmed.
      await shop.chat.message(text, 'sent', 'delivered', 'unconfirmed');
      assert.equal(await shop.tab.run(inField), '');
    }
    await shop.chat.texts(...MOMENTS.map(ms => `left after ${ms} ms`));
    for (const ms of MOMENTS) assert.ok((await shop.counted(`left after ${ms} ms`)) <= 1);
  });
});

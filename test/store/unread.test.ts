import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { SELF } from '../../src/entities/message.js';
import type { Store } from '../../src/store/contract.js';
import { ANA, BO, KINDS, all, archived, bodies, copy, echo, incoming, live, markRead, newStore, pageOf, record, removeStores, takePage, write } from './support.js';

afterEach(removeStores);

const unread = async (store: Store) => (await record(store)).unread;
const exactly = (count: number) => ({ kind: 'exact', count });
const atLeast = (count: number) => ({ kind: 'atLeast', count });

for (const kind of KINDS) {
  describe(`unread in ${kind}`, () => {
    it('counts what others wrote after the place that was read', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [live('a'), live('mine', { sender: SELF }), live('b')]);
      expect(await unread(store)).to.deep.equal(exactly(2));
      await store.updateConversation(ANA, BO, ({ preview }) => ({ readPosition: preview?.position ?? '' }));
      expect(await unread(store)).to.deep.equal(exactly(0));
      expect((await store.ingest(ANA, [live('c')])).conversations.map(its => its.unread)).to.deep.equal([exactly(1)]);
      expect((await store.conversations(ANA)).map(its => its.unread)).to.deep.equal([exactly(1)]);
    });

    it('counts again from a place in the middle', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, ['a', 'b', 'c', 'd'].map(body => live(body)));
      const position = (await all(store))[1]?.position ?? '';
      await store.updateConversation(ANA, BO, () => ({ readPosition: position }));
      expect(await unread(store)).to.deep.equal(exactly(2));
    });

    it('does not forget what was read', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [live('a'), live('b')]);
      await markRead(store);
      const first = (await all(store))[0]?.position ?? '';
      expect((await store.updateConversation(ANA, BO, () => ({ readPosition: first }))).conversations).to.deep.equal([]);
      expect(await unread(store)).to.deep.equal(exactly(0));
    });

    it('counts what comes later, though a place far beyond was said to be read', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [live('a')]);
      await store.updateConversation(ANA, BO, () => ({ readPosition: 'zzz, no position at all' }));
      expect(await unread(store)).to.deep.equal(exactly(0));
      await store.ingest(ANA, [live('b')]);
      expect(await unread(store)).to.deep.equal(exactly(1));
    });

    it('counts what comes after the newest message was read and taken away', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [live('a')]);
      await write(store, 'mine');
      await markRead(store);
      await store.deleteMessage(ANA, 'mine');
      await store.ingest(ANA, [live('b')]);
      expect(await unread(store)).to.deep.equal(exactly(1));
    });

    it('is “at least” while older messages may be missing after the place that was read', async () => {
      const store = await newStore(kind);
      await takePage(store, ['n8', 'n9']);
      expect(await unread(store)).to.deep.equal(atLeast(2));
      await takePage(store, ['n6', 'n7'], { before: 'n8', complete: true });
      expect(await unread(store)).to.deep.equal(exactly(4));
    });

    it('is exact when what is missing was read long ago', async () => {
      const store = await newStore(kind);
      await takePage(store, ['n8', 'n9']);
      await markRead(store);
      expect(await unread(store)).to.deep.equal(exactly(0));
      await takePage(store, ['n10'], { after: 'n9' });
      expect(await unread(store)).to.deep.equal(exactly(1));
    });

    it('is “at least” while there is a hole after the place that was read', async () => {
      const store = await newStore(kind);
      await takePage(store, ['n1'], { complete: true });
      await markRead(store);
      await takePage(store, ['n8', 'n9']);
      expect(await unread(store)).to.deep.equal(atLeast(2));
      await takePage(store, ['n2', 'n3'], { after: 'n1' });
      expect(await unread(store)).to.deep.equal(atLeast(4));
      await takePage(store, ['n4', 'n8'], { after: 'n3' });
      expect(await unread(store)).to.deep.equal(exactly(5));
    });

    it('is unknown, not none, while nothing is held after the place that was read but there is a hole', async () => {
      const store = await newStore(kind);
      await takePage(store, ['n1'], { complete: true });
      await markRead(store);
      await store.ingest(ANA, [archived('n9', 'mine', { sender: SELF })], { page: pageOf(['n9']) });
      expect(await unread(store)).to.deep.equal({ kind: 'unknown' });
    });

    it('counts what was written while one was away, though an own message that waits was read', async () => {
      const store = await newStore(kind);
      await takePage(store, ['n1'], { complete: true });
      await write(store, 'mine');
      await markRead(store);
      await takePage(store, ['n2', 'n3'], { after: 'n1' });
      expect(await unread(store)).to.deep.equal(exactly(2));
      await markRead(store);
      await store.ingest(ANA, [archived('n4', 'mine', echo('mine').copy)], { page: pageOf(['n4'], { after: 'n3' }) });
      expect(await unread(store)).to.deep.equal(exactly(0));
    });

    it('counts what the archive has between the last place it knows and an own message that was read', async () => {
      const store = await newStore(kind);
      await takePage(store, ['n1'], { complete: true });
      await write(store, 'mine');
      await markRead(store);
      const mine = archived('n3', 'mine', { sender: SELF, messageId: 'sent-mine', originId: 'sent-mine' });
      await store.ingest(ANA, [archived('n2'), mine, archived('n4')], { page: pageOf(['n2', 'n3', 'n4'], { after: 'n1' }) });
      expect(await bodies(store)).to.deep.equal(['n1', 'n2', 'mine', 'n4']);
      expect(await unread(store)).to.deep.equal(exactly(2));
    });

    it('does not count a message again that was read and then found its place behind unread ones', async () => {
      const store = await newStore(kind);
      await takePage(store, ['n1'], { complete: true });
      await store.ingest(ANA, [archived('n4', 'n4', { timeSource: 'clock' })]);
      await markRead(store);
      await takePage(store, ['n2', 'n3', 'n4', 'n5'], { after: 'n1' });
      expect(await bodies(store)).to.deep.equal(['n1', 'n2', 'n3', 'n4', 'n5']);
      expect(await unread(store)).to.deep.equal(exactly(3));
      await markRead(store);
      expect(await unread(store)).to.deep.equal(exactly(0));
    });

    it('does not count history that is found before what was read', async () => {
      const store = await newStore(kind);
      await takePage(store, ['n5']);
      await markRead(store);
      await takePage(store, ['n3', 'n4'], { before: 'n5' });
      expect(await unread(store)).to.deep.equal(exactly(0));
    });

    it('counts two as one when they turn out to be one, and none if one of them was read', async () => {
      const store = await newStore(kind);
      const bridge = incoming(copy('a', { messageId: '', originId: 'o', archiveId: { by: ANA, id: '1' } }));
      await store.ingest(ANA, [incoming(copy('a', { messageId: '', originId: 'o' }))]);
      await markRead(store);
      await store.ingest(ANA, [incoming(copy('a', { messageId: '', archiveId: { by: ANA, id: '1' } }))]);
      expect(await unread(store)).to.deep.equal(exactly(1));
      await store.ingest(ANA, [bridge]);
      expect(await unread(store)).to.deep.equal(exactly(0));
    });

    it('counts none when what was read turns out to be what the archive shows further down', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [incoming(copy('a', { messageId: '', originId: 'o' })), live('b')]);
      await markRead(store);
      await store.ingest(ANA, [incoming(copy('a', { messageId: '', archiveId: { by: ANA, id: '1' } }))], { page: pageOf(['1'], { complete: true }) });
      expect(await unread(store)).to.deep.equal(exactly(1));
      await store.ingest(ANA, [incoming(copy('a', { messageId: '', originId: 'o', archiveId: { by: ANA, id: '1' } }))]);
      expect(await bodies(store)).to.deep.equal(['b', 'a']);
      expect(await unread(store)).to.deep.equal(exactly(0));
    });
  });
}

describe('what was seen and what was not', () => {
  /** n: one more message of the other’s goes into the archive, unnoticed · l, L: and arrives live, without its archive id, with it · o: an own message · r: all is read · c: catch-up, a page of two. */
  const steps = fc.array(fc.constantFrom('n', 'l', 'L', 'o', 'r', 'c'), { minLength: 4, maxLength: 30 });

  it('are told apart: catching up page by page, each message is unread until it was there when all was read', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async list => {
        const store = await newStore('memory');
        await takePage(store, ['first'], { complete: true });
        const archive = [archived('first')];
        let fetched = 0;
        const seen = new Set<string>();
        for (const [index, step] of list.entries()) {
          const its = step === 'o' ? echo(`mine ${index}`) : live(`theirs ${index}`);
          const kept = { ...its, copy: { ...its.copy, archiveId: { by: ANA, id: `${(index * 7919) % 1000}` }, timeSource: 'archive' as const } };
          if (step === 'o') await write(store, `mine ${index}`);
          if (step === 'l') await store.ingest(ANA, [its]);
          if (step === 'L') await store.ingest(ANA, [{ ...kept, copy: { ...kept.copy, timeSource: 'clock' } }]);
          if ('nlLo'.includes(step)) archive.push(kept);
          if (step === 'r') {
            await markRead(store);
            for (const { messageId } of await all(store)) seen.add(messageId);
          }
          if (step === 'c') {
            const idOf = (at: number): string => archive[at]?.copy.archiveId?.id ?? '';
            const page = archive.slice(fetched + 1, fetched + 3);
            await store.ingest(ANA, page.map(({ state: _state, id: _id, ...rest }) => rest), { page: pageOf(page.map(({ copy: { archiveId } }) => archiveId?.id ?? ''), { after: idOf(fetched), complete: page.length < 2 }) });
            fetched += page.length;
          }
          const expected = (await all(store)).filter(({ mine, messageId }) => !mine && !seen.has(messageId)).length;
          expect((await record(store)).unread, `after ${list.slice(0, index + 1).join('')}`).to.deep.equal(exactly(expected));
        }
        await removeStores();
      }),
      { numRuns: 1000 },
    );
  }).timeout(60_000);
});

import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { IncomingCopy } from '../../src/entities/copy.js';
import { SELF } from '../../src/entities/message.js';
import type { Store } from '../../src/store/contract.js';
import { ANA, BO, all, incoming, newStore, pageOf, removeStores, type Kind } from './support.js';

afterEach(removeStores);

const EVE = 'eve@example.org';

/** Sightings of a few messages under few ids, so that much of it collides. */
const sightings = (maxLength: number): fc.Arbitrary<readonly IncomingCopy[]> =>
  fc.array(
    fc
      .record(
        {
          sender: fc.constantFrom(BO, BO, BO, BO, EVE, SELF),
          messageId: fc.constantFrom('', 'm1', 'm1', 'm2'),
          originId: fc.constantFrom('o1', 'o2'),
          archiveId: fc.record({ by: fc.constant(ANA), id: fc.constantFrom('1', '2', '3') }),
          body: fc.constantFrom(null, 'a', 'b'),
          time: fc.integer({ min: 1, max: 3 }),
          timeSource: fc.constantFrom('archive', 'delay', 'clock'),
        },
        { requiredKeys: ['sender', 'messageId', 'body', 'time', 'timeSource'] },
      )
      .filter(({ messageId, originId, archiveId }) => Boolean(messageId || originId || archiveId))
      .map(its => incoming(its as IncomingCopy['copy'], its.sender === SELF ? { state: 'sent' } : {})),
    { maxLength },
  );

const told = async (store: Store): Promise<readonly string[]> => (await all(store)).map(message => JSON.stringify({ ...message, id: '', position: '' })).sort();

const anyOrder = async (kind: Kind, list: readonly IncomingCopy[], again: readonly IncomingCopy[], size: number): Promise<void> => {
  const [one, other] = await Promise.all([newStore(kind), newStore(kind)]);
  await one.ingest(ANA, list);
  const rest = [...again, ...list];
  while (rest.length > 0) {
    const batch = rest.splice(0, size);
    const [page, first] = [batch.filter(({ copy: its }) => its.archiveId), batch[0]?.copy.archiveId];
    // Some of what the archive has comes as its pages.
    if (first && page.length === batch.length) await other.ingest(ANA, batch, { page: pageOf([...new Set(page.map(({ copy: its }) => its.archiveId?.id ?? ''))]) });
    else await other.ingest(ANA, batch);
  }
  expect(await told(other)).to.deep.equal(await told(one));
  expect((await other.conversation(ANA, BO))?.answered).to.equal((await one.conversation(ANA, BO))?.answered);
  await removeStores();
};

const cases = (maxLength: number) =>
  sightings(maxLength).chain(list => fc.tuple(fc.constant(list), fc.shuffledSubarray([...list, ...list]), fc.integer({ min: 1, max: 4 })));

describe('the rows of a store', () => {
  it('are the same whatever the order, the doubles and the batches, in memory', async () => {
    await fc.assert(fc.asyncProperty(cases(14), ([list, again, size]) => anyOrder('memory', list, again, size)), { numRuns: 1000 });
  }).timeout(60_000);

  it('are the same whatever the order, the doubles and the batches, in IndexedDB', async () => {
    await fc.assert(fc.asyncProperty(cases(8), ([list, again, size]) => anyOrder('IndexedDB', list, again, size)), { numRuns: 200 });
  }).timeout(60_000);
});


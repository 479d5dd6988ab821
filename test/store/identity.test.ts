import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { Copy } from '../../src/entities/copy.js';
import { factsOf, isNameless, partition } from '../../src/store/identity.js';
import { toMessage } from '../../src/store/row.js';
import { regroup } from '../../src/store/regroup.js';
import { keysOf, type Row, type StoredCopy } from '../../src/store/schema.js';

const ARCHIVE = 'ana@example.org';
const says = (body: string | null, more: Partial<Copy> = {}): Copy => ({ sender: 'bo@example.org', messageId: '', body, time: 1, timeSource: 'clock', ...more });
const at = (id: string, by = ARCHIVE): Pick<Copy, 'archiveId'> => ({ archiveId: { by, id } });
const count = (...copies: readonly Copy[]): number => partition(copies).length;

describe('the same message', () => {
  it('is one whose id of an archive agrees', () => {
    expect(count(says('a', { ...at('1'), messageId: 'x' }), says('a', { ...at('1'), messageId: 'y' }))).to.equal(1);
  });

  it('is not one whose id agrees in another archive', () => {
    expect(count(says('a', at('1')), says('a', at('1', 'room@example.org')))).to.equal(2);
  });

  it('is one whose origin-id and sender agree', () => {
    expect(count(says('a', { originId: 'o' }), says('b', { originId: 'o' }))).to.equal(1);
  });

  it('is not one whose origin-id agrees with another sender’s', () => {
    expect(count(says('a', { originId: 'o' }), says('a', { originId: 'o', sender: 'eve@example.org' }))).to.equal(2);
  });

  it('is one whose sender, id and text agree', () => {
    expect(count(says('a', { messageId: 'm' }), says('a', { messageId: 'm', ...at('1') }))).to.equal(1);
    expect(count(says('a', { messageId: 'm' }), says('b', { messageId: 'm' }))).to.equal(2);
    expect(count(says('a', { messageId: 'm' }), says('a', { messageId: 'm', sender: 'eve@example.org' }))).to.equal(2);
  });

  it('is not one that shares an empty id, or none', () => {
    expect(count({ ...says('a'), id: '1' } as Copy, { ...says('a'), id: '2' } as Copy)).to.equal(2);
    expect(count(says('a'), says('a', { time: 9, originId: 'o' }))).to.equal(2);
    expect(count(says('a', { originId: '' }), says('b', { originId: '' }))).to.equal(2);
  });

  it('may be one that cannot be read, under the same ids', () => {
    expect(count(says(null, { messageId: 'm' }), says('a', { messageId: 'm' }))).to.equal(1);
    expect(count(says(null, { messageId: 'm' }), says('a', { messageId: 'n' }))).to.equal(2);
  });

  it('is not made of two different texts by one that cannot be read', () => {
    expect(count(says(null, { messageId: 'm' }), says('a', { messageId: 'm' }), says('b', { messageId: 'm' }))).to.equal(2);
  });

  it('is not one to which an archive gave two ids', () => {
    expect(count(says('a', { messageId: 'm', ...at('1') }), says('a', { messageId: 'm', ...at('2') }))).to.equal(2);
    expect(count(says('a', { originId: 'o', ...at('1') }), says('b', { originId: 'o', ...at('2') }))).to.equal(2);
  });

  it('is one that a server took twice: origin-id, sender and text agree', () => {
    expect(count(says('a', { originId: 'o', ...at('1') }), says('a', { originId: 'o', ...at('2') }))).to.equal(1);
    expect(count(says('a', { originId: 'o', ...at('1') }), says(null, { originId: 'o', ...at('2') }))).to.equal(1);
  });

  it('stays two when a third copy, which the archive did not stamp, is like both', () => {
    const groups = partition([says('a', { messageId: 'm', ...at('2') }), says('a', { messageId: 'm' }), says('a', { messageId: 'm', ...at('1') })]);
    expect(groups.map(group => group.map(({ archiveId }) => archiveId?.id))).to.deep.equal([['1', undefined], ['2']]);
  });

  it('becomes one when a third copy is a bridge', () => {
    expect(count(says('a', { originId: 'o' }), says('a', at('1')))).to.equal(2);
    expect(count(says('a', { originId: 'o' }), says('a', at('1')), says('a', { originId: 'o', ...at('1') }))).to.equal(1);
  });

  it('does not grow with the number of times it is seen', () => {
    const sightings = Array.from({ length: 10_000 }, (_, time) => says('a', { messageId: 'm', time }));
    expect(partition(sightings)).to.deep.equal([[says('a', { messageId: 'm', time: 0 })]]);
  });

  it('does not grow without end when a sender varies the text under one origin-id', () => {
    const variants = Array.from({ length: 500 }, (_, index) => says(`a${index}`, { originId: 'o' }));
    const groups = partition(variants);
    expect(groups.length).to.equal(1);
    expect(groups[0]?.length).to.be.at.most(64);
  });
});

const copies = fc.record(
  {
    sender: fc.constantFrom('bo', 'eve', '='),
    messageId: fc.constantFrom('', 'm1', 'm2'),
    originId: fc.constantFrom('o1', 'o2'),
    archiveId: fc.record({ by: fc.constantFrom(ARCHIVE, 'room'), id: fc.constantFrom('1', '2', '3') }),
    body: fc.constantFrom(null, 'a', 'b'),
    time: fc.integer({ min: 1, max: 3 }),
    timeSource: fc.constantFrom('archive', 'delay', 'clock'),
  },
  { requiredKeys: ['sender', 'messageId', 'body', 'time', 'timeSource'] },
) as fc.Arbitrary<Copy>;
const named = copies.filter(copy => !isNameless(copy));

const row = (id: string, its: readonly StoredCopy[]): Row => ({ account: 'a', conversation: 'c', id, position: id, copies: its, keys: [...new Set(its.flatMap(copy => keysOf('a', 'c', copy)))] });

/** The rows that share a key with some copies, directly or through each other, and the others. */
const split = (rows: readonly Row[], arrivals: readonly StoredCopy[]): readonly [readonly Row[], readonly Row[]] => {
  const keys = new Set(arrivals.flatMap(copy => keysOf('a', 'c', copy)));
  const near = new Set<Row>();
  for (let size = -1; size !== near.size; ) {
    size = near.size;
    for (const its of rows) {
      if (!its.keys.some(key => keys.has(key))) continue;
      near.add(its);
      for (const key of its.keys) keys.add(key);
    }
  }
  return [[...near], rows.filter(its => !near.has(its))];
};

/** Rows after one batch after the other, each of which meets only the rows that it is related to. */
const take = (batches: readonly (readonly Copy[])[]): readonly Row[] => {
  let rows: readonly Row[] = [];
  let next = 0;
  for (const batch of batches) {
    const [near, far] = split(rows, batch);
    rows = [...far, ...regroup(near, batch).map(({ copies: its, id }) => row(id ?? `${1000 + next++}`, its))];
  }
  return rows;
};

const told = (rows: readonly Row[]): readonly string[] => rows.map(its => JSON.stringify({ ...toMessage(its), id: '', position: '', copies: its.copies })).sort();

/** A list of copies, and the same copies in another order, some of them more than once, in batches. */
const arrivals = fc.array(named, { maxLength: 14 }).chain(list =>
  fc.record({
    list: fc.constant(list),
    batches: fc
      .tuple(fc.shuffledSubarray([...list, ...list], { minLength: list.length }), fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 28, maxLength: 28 }))
      .map(([shuffled, sizes]) => {
        const rest = [...list, ...shuffled];
        return sizes.map(size => rest.splice(0, size)).concat([rest]);
      })
      .chain(batches => fc.shuffledSubarray(batches, { minLength: batches.length, maxLength: batches.length })),
  }),
);

describe('rows as a function of the set of their copies', () => {
  it('do not depend on the order, on doubles or on batches', () => {
    fc.assert(
      fc.property(arrivals, ({ list, batches }) => {
        expect(told(take(batches))).to.deep.equal(told(take([list])));
      }),
      { numRuns: 2000 },
    );
  });

  it('hold each saying once, in one row', () => {
    fc.assert(
      fc.property(fc.array(copies, { maxLength: 20 }), list => {
        const facts = partition(list).flatMap(group => group.map(factsOf));
        expect([...facts].sort()).to.deep.equal([...new Set(list.map(factsOf))].sort());
      }),
      { numRuns: 1000 },
    );
  });

  it('never hold two ids of one archive, unless origin-id, sender and text agree', () => {
    fc.assert(
      fc.property(fc.array(copies, { maxLength: 20 }), list => {
        for (const group of partition(list)) {
          for (const a of group) {
            for (const b of group) {
              if (!a.archiveId || !b.archiveId || a.archiveId.by !== b.archiveId.by || a.archiveId.id === b.archiveId.id) continue;
              expect([a.originId, a.sender]).to.deep.equal([b.originId, b.sender]);
              expect(a.originId).to.be.a('string');
              expect(a.body === null || b.body === null || a.body === b.body).to.equal(true);
            }
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('show a text if any copy can be read, and the best time', () => {
    fc.assert(
      fc.property(fc.array(copies, { minLength: 1, maxLength: 20 }), list => {
        for (const group of partition(list)) {
          const message = toMessage(row('r', group));
          expect(message.body === null).to.equal(group.every(({ body }) => body === null));
          if (group.some(({ timeSource }) => timeSource === 'archive')) {
            expect(message.time).to.equal(Math.min(...group.filter(({ timeSource }) => timeSource === 'archive').map(({ time }) => time)));
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('keep the local id of an echo, whatever merges or falls apart', () => {
    fc.assert(
      fc.property(arrivals, fc.nat(), ({ list, batches }, at) => {
        const chosen = list[at % Math.max(1, list.length)];
        if (!chosen) return;
        const first: StoredCopy = { ...chosen, id: 'echo' };
        let rows: readonly Row[] = take([[first]]);
        for (const batch of batches) {
          const [near, far] = split(rows, batch);
          rows = [...far, ...regroup(near, batch).map(({ copies: its, id }, index) => row(id ?? `${rows.length}-${index}-${Math.random()}`, its))];
          const holder = rows.find(({ copies: its }) => its.some(copy => factsOf(copy) === factsOf(first)));
          expect(holder?.id).to.equal('echo');
          expect(new Set(rows.map(({ id }) => id)).size).to.equal(rows.length);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

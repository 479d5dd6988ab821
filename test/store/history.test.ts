import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import type { IncomingCopy } from '../../src/entities/copy.js';
import { SELF } from '../../src/entities/message.js';
import type { CoverageRange, Store } from '../../src/store/contract.js';
import { ANA, BO, KINDS, all, archived, bodies, echo, live, markRead, newStore, pageOf, removeStores, takePage, write, type Kind } from './support.js';

afterEach(removeStores);

const names = (from: number, to: number): readonly string[] => Array.from({ length: to - from + 1 }, (_, index) => `n${from + index}`);
const covered = async (store: Store) => (await store.coverage(ANA, ANA, BO))?.map(({ startId, endId, fromStart }) => `${fromStart ? '|' : ''}${startId}–${endId}`);

/** Messages come live, with the ids of the archive. */
const arrive = async (store: Store, ...ids: readonly string[]): Promise<void> => void (await store.ingest(ANA, ids.map(id => archived(id, id, { timeSource: 'clock' }))));

for (const kind of KINDS) {
  describe(`history in ${kind}`, () => {
    it('knows nothing of an archive before a page of it, and afterwards that it is empty', async () => {
      const store = await newStore(kind);
      expect(await covered(store)).to.equal(undefined);
      await takePage(store, [], { complete: true });
      expect(await covered(store)).to.deep.equal([]);
      expect(await store.conversations(ANA)).to.deep.equal([]);
    });

    it('puts older pages before newer ones, and joins them by their cursor', async () => {
      const store = await newStore(kind);
      await takePage(store, names(7, 9));
      await takePage(store, names(4, 6), { before: 'n7' });
      await takePage(store, names(1, 3), { before: 'n4', complete: true });
      expect(await bodies(store)).to.deep.equal(names(1, 9));
      expect(await covered(store)).to.deep.equal(['|n1–n9']);
    });

    it('keeps a hole between what is held and a newest page that shares nothing with it', async () => {
      const store = await newStore(kind);
      await takePage(store, names(1, 3), { complete: true });
      await takePage(store, names(7, 9));
      expect(await covered(store)).to.deep.equal(['|n1–n3', 'n7–n9']);
    });

    it('closes a hole from above', async () => {
      const store = await newStore(kind);
      await takePage(store, names(1, 3));
      await takePage(store, names(7, 9));
      await takePage(store, names(3, 6), { before: 'n7' });
      expect(await bodies(store)).to.deep.equal(names(1, 9));
      expect(await covered(store)).to.deep.equal(['n1–n9']);
    });

    it('closes a hole from below', async () => {
      const store = await newStore(kind);
      await takePage(store, names(1, 3));
      await takePage(store, names(7, 9));
      await takePage(store, names(4, 5), { after: 'n3' });
      expect(await covered(store)).to.deep.equal(['n1–n5', 'n7–n9']);
      await takePage(store, names(6, 7), { after: 'n5' });
      expect(await bodies(store)).to.deep.equal(names(1, 9));
      expect(await covered(store)).to.deep.equal(['n1–n9']);
    });

    it('takes an empty page before a range as the word that nothing is older', async () => {
      const store = await newStore(kind);
      await takePage(store, names(1, 3));
      await takePage(store, [], { before: 'n1', complete: true });
      expect(await covered(store)).to.deep.equal(['|n1–n3']);
    });

    it('does not take the end of the archive for its beginning', async () => {
      const store = await newStore(kind);
      await takePage(store, names(1, 3));
      await takePage(store, names(4, 6), { after: 'n3', complete: true });
      expect(await covered(store)).to.deep.equal(['n1–n6']);
    });

    it('remembers ids with nothing to show as ends', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, [archived('n2')], { page: pageOf(['n1', 'n2', 'n3']) });
      await store.ingest(ANA, [archived('n5')], { page: pageOf(['n4', 'n5', 'n6'], { after: 'n3' }) });
      await store.ingest(ANA, [], { page: pageOf(['n0'], { before: 'n1' }) });
      expect(await covered(store)).to.deep.equal(['n0–n6']);
      expect(await bodies(store)).to.deep.equal(['n2', 'n5']);
    });

    it('moves live messages to their place in the archive, and leaves alone what is in order', async () => {
      const store = await newStore(kind);
      await takePage(store, names(1, 2));
      await store.ingest(ANA, [archived('n6', 'n6', { timeSource: 'clock' }), archived('n5', 'n5', { timeSource: 'clock' })]);
      const changes = await takePage(store, names(3, 7), { after: 'n2' });
      expect(await bodies(store)).to.deep.equal(names(1, 7));
      expect(changes.messages.filter(({ new: fresh }) => !fresh).length, 'moved or bettered').to.equal(2);
    });

    it('lets live messages follow the newest, and own ones that wait stay behind what was read before them', async () => {
      const store = await newStore(kind);
      await takePage(store, names(1, 2));
      await write(store, 'mine');
      await store.ingest(ANA, [live('live')]);
      expect(await bodies(store)).to.deep.equal(['n1', 'n2', 'mine', 'live']);
    });

    it('puts an own message where the archive has it', async () => {
      const store = await newStore(kind);
      await takePage(store, names(1, 2));
      await write(store, 'mine');
      await store.ingest(ANA, [archived('n3'), archived('n4', 'mine', { sender: SELF, messageId: 'sent-mine', originId: 'sent-mine' }), archived('n5')], { page: pageOf(names(3, 5), { after: 'n2' }) });
      expect(await bodies(store)).to.deep.equal(['n1', 'n2', 'n3', 'mine', 'n5']);
    });

    it('does not believe a server that lost the cursor and begins again', async () => {
      const store = await newStore(kind);
      await takePage(store, names(1, 9), { complete: true });
      await takePage(store, names(1, 3), { after: 'n9' });
      expect(await bodies(store)).to.deep.equal(names(1, 9));
      expect(await covered(store)).to.deep.equal(['|n1–n9']);
    });

    it('learns from such a server all the same', async () => {
      const store = await newStore(kind);
      await takePage(store, names(5, 9));
      await takePage(store, names(1, 5), { after: 'n9' });
      expect(await bodies(store)).to.deep.equal(names(1, 9));
      expect(await covered(store)).to.deep.equal(['n1–n9']);
    });

    it('keeps ranges apart when a page is asked for before a message that stands in the wrong place', async () => {
      const store = await newStore(kind);
      await store.ingest(ANA, ['n1', 'n7', 'n3'].map(id => archived(id, id, { timeSource: 'clock' })));
      await takePage(store, names(1, 3));
      expect(await bodies(store), 'n7 came too early').to.deep.equal(['n1', 'n2', 'n7', 'n3']);
      await takePage(store, names(5, 6), { before: 'n7' });
      expect(await bodies(store)).to.deep.equal(['n1', 'n2', 'n3', 'n5', 'n6', 'n7']);
      expect(await covered(store)).to.deep.equal(['n1–n3', 'n5–n7']);
    });

    it('moves what came live and was read behind what was missed before it, with all that followed it', async () => {
      const store = await newStore(kind);
      await takePage(store, ['n1']);
      await write(store, 'first');
      await arrive(store, 'n4', 'n5');
      await write(store, 'second');
      await markRead(store);
      const changes = await takePage(store, ['n2'], { after: 'n1' });
      expect(await bodies(store), 'the first own one followed nothing that moves').to.deep.equal(['n1', 'first', 'n2', 'n4', 'n5', 'second']);
      expect(changes.messages.map(({ after }) => after?.body).sort(), 'what moved is told').to.deep.equal(['n2', 'n4', 'n5', 'second']);
      expect(changes.conversations.map(({ unread, preview }) => [unread, preview?.body])).to.deep.equal([[{ kind: 'exact', count: 1 }, 'second']]);
      await takePage(store, ['n3', 'n4'], { after: 'n2' });
      expect(await bodies(store)).to.deep.equal(['n1', 'first', 'n2', 'n3', 'n4', 'n5', 'second']);
      expect(await covered(store)).to.deep.equal(['n1–n4']);
    });

    it('moves with a message of the page what followed it', async () => {
      const store = await newStore(kind);
      await takePage(store, ['n1']);
      await write(store, 'first');
      await arrive(store, 'n3');
      await write(store, 'second');
      await markRead(store);
      await takePage(store, ['n2', 'n3'], { after: 'n1' });
      expect(await bodies(store)).to.deep.equal(['n1', 'first', 'n2', 'n3', 'second']);
    });

    it('moves once, and tells once, what gives way and bears the id of a message of the page', async () => {
      const store = await newStore(kind);
      await takePage(store, ['n1']);
      await arrive(store, 'n4');
      await store.ingest(ANA, [archived('n5', 'n5', { messageId: 'same', timeSource: 'clock' })]);
      await markRead(store);
      const changes = await store.ingest(ANA, [archived('n2', 'n2', { messageId: 'same' })], { page: pageOf(['n2'], { after: 'n1' }) });
      expect(await bodies(store)).to.deep.equal(['n1', 'n2', 'n4', 'n5']);
      expect(changes.messages.map(({ after }) => after?.body).sort()).to.deep.equal(['n2', 'n4', 'n5']);
    });

    it('leaves where it is what another archive has put there', async () => {
      const store = await newStore(kind);
      await takePage(store, ['n1']);
      await arrive(store, 'n4');
      await store.ingest(ANA, [archived('r1', 'r1', { archiveId: { by: BO, id: 'r1' } })], { page: pageOf(['r1'], { archive: BO }) });
      await markRead(store);
      await takePage(store, ['n2'], { after: 'n1' });
      expect(await bodies(store)).to.deep.equal(['n1', 'r1', 'n2', 'n4']);
    });

    it('keeps ranges in order when a page is asked for before a message that came live and was read', async () => {
      const store = await newStore(kind);
      await arrive(store, 'n2', 'n3');
      await markRead(store);
      await arrive(store, 'n4');
      await takePage(store, ['n1'], { before: 'n2' });
      await takePage(store, ['n5'], { after: 'n4' });
      expect(await bodies(store)).to.deep.equal(names(1, 5));
      expect(await covered(store)).to.deep.equal(['n1–n2', 'n4–n5']);
    });

    it('keeps what came live and was read out of the range of a page that ends before it', async () => {
      const store = await newStore(kind);
      await arrive(store, 'n1', 'n5');
      await markRead(store);
      await takePage(store, ['n9']);
      await takePage(store, ['n2', 'n3'], { after: 'n1' });
      await takePage(store, ['n4'], { before: 'n5' });
      expect(await bodies(store)).to.deep.equal([...names(1, 5), 'n9']);
      expect(await covered(store)).to.deep.equal(['n1–n3', 'n4–n5', 'n9–n9']);
    });

    it('puts beside each other what was taken for one message and is three', async () => {
      const store = await newStore(kind);
      const of = (id: string, body: string | null) => archived(id, '', { messageId: '', originId: 'o', body });
      await store.ingest(ANA, [of('1', null), of('2', null), of('3', null), live('last')]);
      expect(await bodies(store)).to.deep.equal([null, 'last']);
      const changes = await store.ingest(ANA, [of('1', 'x'), of('2', 'y'), of('3', 'z')]);
      expect(changes.messages.map(({ new: fresh }) => fresh)).to.deep.equal([undefined, undefined, undefined]);
      expect([...(await bodies(store)).slice(0, 3)].sort()).to.deep.equal(['x', 'y', 'z']);
      expect((await bodies(store))[3]).to.equal('last');
      expect(new Set((await all(store)).map(({ position }) => position)).size).to.equal(4);
    });

    it('survives an archive that changed its order, and that names an id twice', async () => {
      const store = await newStore(kind);
      await takePage(store, names(1, 4));
      await takePage(store, ['n4', 'n3', 'n3', 'n2', 'n9']);
      expect(await bodies(store)).to.deep.equal(['n1', 'n4', 'n3', 'n2', 'n9']);
    });

    it('fills a hole of a thousand messages without long positions', async () => {
      const store = await newStore(kind);
      await takePage(store, names(1, 10));
      await takePage(store, names(1011, 1020));
      for (let first = 961; first >= 11; first -= 50) await takePage(store, names(first, first + 49), { before: `n${first + 50}` });
      expect(await bodies(store)).to.deep.equal(names(1, 1020));
      expect(Math.max(...(await all(store)).map(({ position }) => position.length))).to.be.below(8);
    });

    it('leaves as much room before a newest page that moves what was read', async () => {
      const store = await newStore(kind);
      await arrive(store, 'n1020');
      await markRead(store);
      await takePage(store, names(1011, 1020));
      for (let first = 961; first >= 11; first -= 50) await takePage(store, names(first, first + 49), { before: `n${first + 50}` });
      expect(await bodies(store)).to.deep.equal(names(11, 1020));
      expect(Math.max(...(await all(store)).map(({ position }) => position.length))).to.be.below(8);
    });
  });
}

/** What can happen between a client and its archive. */
type Step =
  | { readonly does: 'happens'; readonly how: 'missed' | 'signal' | 'live' | 'live-without-id' | 'own' | 'no-archive' }
  | { readonly does: 'page'; readonly from: 'newest' | 'older' | 'newer' | 'before-row' | 'after-row'; readonly which: number; readonly limit: number }
  | { readonly does: 'read' };

const steps = (maxLength: number): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ does: fc.constant('happens' as const), how: fc.constantFrom('missed', 'signal', 'live', 'live-without-id', 'own', 'no-archive') }) },
      { weight: 4, arbitrary: fc.record({ does: fc.constant('page' as const), from: fc.constantFrom('newest', 'older', 'newer', 'before-row', 'after-row'), which: fc.nat(9), limit: fc.integer({ min: 1, max: 4 }) }) },
      { weight: 1, arbitrary: fc.constant({ does: 'read' as const }) },
    ),
    // Without a size most lists would be much shorter.
    { minLength: 5, maxLength, size: 'max' },
  ) as fc.Arbitrary<readonly Step[]>;

interface Kept {
  readonly id: string;
  /** undefined: nothing to show. */
  readonly copy: IncomingCopy | undefined;
}

/** A stretch of the archive by its indexes, both ends included. */
interface Stretch {
  from: number;
  to: number;
  fromStart: boolean;
}

/** An archive, what of it was fetched, and the store that was told. */
const world = (store: Store) => {
  const archive: Kept[] = [];
  let stretches: Stretch[] = [];
  let asked = false;
  const idOf = (index: number): string => archive[index]?.id ?? '';
  const keep = (its: IncomingCopy | undefined): Kept => {
    // Ids without any order in them.
    const id = `${(archive.length * 7919) % 1000}-${archive.length}`;
    const kept = { id, copy: its && { ...its, copy: { ...its.copy, archiveId: { by: ANA, id }, timeSource: 'archive' as const } } };
    archive.push(kept);
    return kept;
  };
  const happens = async (how: Extract<Step, { does: 'happens' }>['how']): Promise<void> => {
    const body = `message ${archive.length}`;
    if (how === 'own') {
      await write(store, body);
      keep(echo(body));
    } else if (how === 'no-archive') {
      await store.ingest(ANA, [live('never archived')]);
    } else if (how === 'signal') {
      keep(undefined);
    } else {
      const its = live(body);
      const kept = keep(its);
      if (how === 'live' && kept.copy) await store.ingest(ANA, [{ ...kept.copy, copy: { ...kept.copy.copy, timeSource: 'clock' } }]);
      if (how === 'live-without-id') await store.ingest(ANA, [its]);
    }
  };
  const fetch = async (from: number, to: number, cursor: { readonly after?: number; readonly before?: number }): Promise<void> => {
    asked = true;
    const part = archive.slice(from, to + 1);
    const complete = cursor.after === undefined ? from === 0 : to === archive.length - 1;
    const page = pageOf(part.map(({ id }) => id), {
      complete,
      ...(cursor.after === undefined ? {} : { after: idOf(cursor.after) }),
      ...(cursor.before === undefined ? {} : { before: idOf(cursor.before) }),
    });
    await store.ingest(ANA, part.flatMap(({ copy: its }) => its ?? []), { page });
    let joined: Stretch = { from: cursor.after ?? from, to: cursor.before ?? to, fromStart: complete && cursor.after === undefined };
    if (joined.to < joined.from) return;
    for (const other of stretches.filter(({ from: start, to: end }) => start <= joined.to && end >= joined.from)) {
      joined = { from: Math.min(joined.from, other.from), to: Math.max(joined.to, other.to), fromStart: joined.fromStart || other.fromStart };
    }
    stretches = [...stretches.filter(({ from: start, to: end }) => start > joined.to || end < joined.from), joined].sort((a, b) => a.from - b.from);
  };
  const heldRows = async (): Promise<readonly number[]> => {
    const held = new Set((await all(store)).flatMap(({ archiveIds }) => archiveIds.map(({ id }) => id)));
    return archive.flatMap(({ id }, index) => (held.has(id) ? [index] : []));
  };
  const page = async ({ from, which, limit }: Extract<Step, { does: 'page' }>): Promise<void> => {
    const last = archive.length - 1;
    if (from === 'newest') return fetch(Math.max(0, last - limit + 1), last, {});
    const stretch = stretches[which % Math.max(1, stretches.length)];
    const rows = await heldRows();
    const at = from === 'older' ? stretch?.from : from === 'newer' ? stretch?.to : rows[which % Math.max(1, rows.length)];
    if (at === undefined) return undefined;
    return from === 'older' || from === 'before-row' ? fetch(Math.max(0, at - limit), at - 1, { before: at }) : fetch(at + 1, Math.min(last, at + limit), { after: at });
  };
  const check = async (): Promise<void> => {
    const ranges = await store.coverage(ANA, ANA, BO);
    const expected = asked ? stretches.map(({ from, to, fromStart }): CoverageRange => ({ startId: idOf(from), endId: idOf(to), fromStart })) : undefined;
    expect(ranges, 'coverage').to.deep.equal(expected);
    const messages = await all(store);
    const fetched = new Set(stretches.flatMap(({ from, to }) => archive.slice(from, to + 1).map(({ id }) => id)));
    // Fetched or not: what has an id of the archive stands in its order.
    const held = messages.flatMap(({ archiveIds }) => archiveIds.map(({ id }) => id));
    expect(held, 'order').to.deep.equal(archive.flatMap(({ id, copy: its }) => (its && (fetched.has(id) || held.includes(id)) ? [id] : [])));
    expect(new Set(messages.map(({ position }) => position)).size, 'positions').to.equal(messages.length);
    const { preview } = (await store.conversation(ANA, BO)) ?? {};
    expect(preview?.position, 'preview').to.equal(messages.at(-1)?.position);
  };
  return { archive, happens, page, check };
};

const play = async (kind: Kind, list: readonly Step[]): Promise<void> => {
  const store = await newStore(kind);
  const { happens, page, check } = world(store);
  for (const step of list) {
    if (step.does === 'happens') await happens(step.how);
    else if (step.does === 'read') await markRead(store);
    else {
      await page(step);
      await check();
    }
  }
  await check();
  await removeStores();
};

const READ: Step = { does: 'read' };
const happen = (...hows: readonly Extract<Step, { does: 'happens' }>['how'][]): readonly Step[] => hows.map(how => ({ does: 'happens', how }));
const ask = (from: Extract<Step, { does: 'page' }>['from'], which: number, limit: number): Step => ({ does: 'page', from, which, limit });

/** What once went wrong: messages that came live were read, what had been missed before them went behind them, and their order was lost. */
const examples: [readonly Step[]][] = [
  [[...happen('missed', 'live', 'live'), READ, ask('newer', 0, 1), ...happen('missed'), ask('before-row', 0, 1), ask('after-row', 2, 1), ask('newest', 0, 1)]],
  [[...happen('missed', 'live'), READ, ...happen('live'), ask('before-row', 0, 1), ask('after-row', 5, 1), ask('newest', 0, 1), ...happen('missed')]],
  [[...happen('missed', 'missed', 'missed', 'live', 'live'), READ, ask('before-row', 0, 3), ask('after-row', 4, 1), ...happen('missed'), ask('newest', 0, 1)]],
  [[...happen('live', 'missed', 'missed', 'missed', 'live', 'missed'), READ, ask('newest', 0, 1), ask('after-row', 0, 2), ask('before-row', 3, 1)]],
];

describe('the order of an archive', () => {
  it('is the order of its rows, and coverage is what was fetched, in memory', async () => {
    await fc.assert(fc.asyncProperty(steps(40), list => play('memory', list)), { numRuns: 1000, examples });
  }).timeout(60_000);

  it('is the order of its rows, and coverage is what was fetched, in IndexedDB', async () => {
    await fc.assert(fc.asyncProperty(steps(15), list => play('IndexedDB', list)), { numRuns: 100, examples });
  }).timeout(60_000);
});


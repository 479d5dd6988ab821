import { expect } from '@open-wc/testing';
import { randomId } from '../../src/base/id.js';
import { ChatError } from '../../src/base/errors.js';
import type { Store } from '../../src/store/contract.js';
import { createFence, type Fence } from '../../src/store/fence.js';
import { openMemory } from '../../src/store/memory.js';
import { migrations } from '../../src/store/schema.js';
import { createStreamStorage } from '../../src/store/stream.js';
import type { ManagedState, SessionStorage } from '../../src/xmpp/session-storage.js';
import { until } from '../support/until.js';
import { ANA, KINDS, all, bodies, entry, live, newStore, removeDatabase, removeStores, write } from './support.js';

afterEach(removeStores);

const state = (more: Partial<ManagedState> = {}): ManagedState => ({
  kind: 'managed', jid: `${ANA}/r`, service: 'wss://example.org/ws', savedAt: 1, csi: true, id: 'x', acknowledged: 3, received: 5, queue: [], ...more,
});
const storageOf = async (store: Store, account = ANA): Promise<SessionStorage> => (await store.hold(account)).storage;
const attempts = async (store: Store) => (await store.outbox.entries(ANA)).map(({ id, attempted, sealed }) => [id, attempted, sealed]);
const codeOf = (acting: Promise<unknown>): Promise<string> => acting.then(() => 'done', (error: ChatError) => `${error.domain}/${error.code}`);

for (const kind of KINDS) {
  describe(`what is left of a stream in ${kind}`, () => {
    it('is what was saved last, also for the next page', async () => {
      const name = `test-${randomId()}`;
      const store = await newStore(kind, name);
      const storage = await storageOf(store);
      expect(await storage.load()).to.equal(undefined);
      await storage.save(() => state());
      await storage.save(() => state({ received: 6 }));
      const next = kind === 'memory' ? store : await newStore(kind, name);
      expect(await (await storageOf(next)).load()).to.deep.equal(state({ received: 6 }));
    });

    it('is told to whoever replaces it', async () => {
      const storage = await storageOf(await newStore(kind));
      await storage.save(() => state());
      let before: unknown;
      await storage.save((_, stored) => {
        before = stored;
        return stored;
      });
      expect([before, await storage.load()]).to.deep.equal([state(), state()]);
    });

    it('is gone when nothing is left, and with its account', async () => {
      const store = await newStore(kind);
      const storage = await storageOf(store);
      await storage.save(() => state());
      await storage.save(() => undefined);
      expect(await (await storageOf(store)).load()).to.equal(undefined);
      await (await storageOf(store)).save(() => state());
      await store.deleteAccount(ANA);
      expect(await (await storageOf(store)).load()).to.equal(undefined);
    });

    it('is each account’s own', async () => {
      const store = await newStore(kind);
      await (await storageOf(store)).save(() => state());
      expect(await (await storageOf(store, 'other@example.org')).load()).to.equal(undefined);
    });

    it('is kept by nobody where tabs cannot share it, but for the page itself', async () => {
      const store = await newStore(kind);
      const { storage } = await store.hold(ANA, { alone: true });
      await storage.save(() => state());
      expect(await storage.load()).to.deep.equal(state());
      expect(await (await store.hold(ANA, { alone: true })).storage.load()).to.equal(undefined);
    });
  });

  describe(`claims on the outbox in ${kind}`, () => {
    it('mark their entries, with what is written, and are in the state that is stored with them', async () => {
      const store = await newStore(kind);
      await write(store, 'a');
      await write(store, 'b');
      const refused = await (await storageOf(store)).save(() => state({ queue: [{ xml: '<a/>', claim: 'a' }] }), [{ id: 'a', xml: '<a/>' }]);
      expect([...refused]).to.deep.equal([]);
      expect(await attempts(store)).to.deep.equal([['a', true, '<a/>'], ['b', false, undefined]]);
    });

    it('are refused for what is gone or was written before, which is told to whoever builds the state', async () => {
      const store = await newStore(kind);
      await write(store, 'a');
      await write(store, 'b');
      const storage = await storageOf(store);
      await storage.save(() => state(), [{ id: 'a', xml: '<a/>' }]);
      const built: string[][] = [];
      const refused = await storage.save(
        not => {
          built.push([...not]);
          return state();
        },
        ['a', 'b', 'c'].map(id => ({ id, xml: `<${id}2/>` })),
      );
      expect([...refused]).to.deep.equal(['a', 'c']);
      expect(built.at(-1)).to.deep.equal(['a', 'c']);
      expect(await attempts(store)).to.deep.equal([['a', true, '<a/>'], ['b', true, '<b2/>']]);
    });

    it('leave no trace when building the state fails', async () => {
      const store = await newStore(kind);
      await write(store, 'a');
      const storage = await storageOf(store);
      await storage.save(() => state());
      const fails = (): never => {
        throw new Error('no');
      };
      expect(await codeOf(storage.save(fails, [{ id: 'a', xml: '<a/>' }]))).to.equal('storage/failed');
      expect(await attempts(store)).to.deep.equal([['a', false, undefined]]);
      expect(await storage.load()).to.deep.equal(state());
    });

    it('of two pages at once are given to one', async () => {
      const store = await newStore(kind);
      await write(store, 'a');
      const pages = await Promise.all([store.hold(ANA, { alone: true }), store.hold(ANA, { alone: true })]);
      const refusals = await Promise.all(pages.map(({ storage }, index) => storage.save(() => undefined, [{ id: 'a', xml: `<a n="${index}"/>` }])));
      expect(refusals.map(({ size }) => size).sort()).to.deep.equal([0, 1]);
    });
  });
}

describe('a tab from which another one took the session over', () => {
  const two = async () => {
    const name = `test-${randomId()}`;
    const [old, now] = [await newStore('IndexedDB', name), await newStore('IndexedDB', name)];
    await write(old, 'a');
    const first = await old.hold(ANA);
    await first.storage.save(() => state());
    const second = await now.hold(ANA);
    return { name, old, now, first, second };
  };

  it('has the lower epoch', async () => {
    const { first, second } = await two();
    expect(second.epoch).to.equal(first.epoch + 1);
  });

  it('has it also where the data of the site was cleared in between, and is shut out as well', async () => {
    const { name, old, now, first } = await two();
    const last = (await old.hold(ANA)).epoch;
    // Nobody hands over as often as the clock counts, unless within so few steps.
    await until('the clock', () => Date.now() > last);
    await removeDatabase(name);
    expect((await now.hold(ANA)).epoch).to.be.above(last);
    expect(await codeOf(first.storage.save(() => state()))).to.equal('storage/fenced');
  });

  it('changes nothing of what the network brings', async () => {
    const { old, now, first, second } = await two();
    await second.storage.save(() => state({ received: 9 }));
    expect(await Promise.all([
      codeOf(first.storage.load()),
      codeOf(first.storage.save(() => state({ received: 1 }))),
      codeOf(first.storage.save(() => state(), [{ id: 'a', xml: '<a/>' }])),
      codeOf(old.ingest(ANA, [live('late')])),
      codeOf(old.updateMessage(ANA, 'a', () => ({ state: 'unconfirmed' }))),
      codeOf(old.outbox.settle(ANA, [{ id: 'a', state: 'sent', keep: false }])),
      codeOf(old.outbox.release(ANA, entry('a'))),
    ])).to.deep.equal(Array(7).fill('storage/fenced'));
    expect(await second.storage.load()).to.deep.equal(state({ received: 9 }));
    expect(await bodies(now)).to.deep.equal(['a']);
    expect((await all(now)).map(message => message.state)).to.deep.equal(['queued']);
    expect(await attempts(now)).to.deep.equal([['a', false, undefined]]);
  });

  it('may still store what a person writes there, and whoever never held it may do all', async () => {
    const { old, now } = await two();
    await write(old, 'b');
    await old.updateConversation(ANA, 'bo@example.org', () => ({ draft: 'to be continued' }));
    await old.outbox.again(ANA, 'a');
    await old.outbox.remove(ANA, 'a');
    expect((await now.outbox.entries(ANA)).map(({ id }) => id)).to.deep.equal(['b']);
    await old.ingest('other@example.org', [live('other')]);
  });

  it('may again when it has taken it back', async () => {
    const { old, now, second } = await two();
    const third = await old.hold(ANA);
    await old.ingest(ANA, [live('b')]);
    await third.storage.save(() => undefined);
    expect(await codeOf(second.storage.load())).to.equal('storage/fenced');
    expect(await codeOf(now.ingest(ANA, [live('c')]))).to.equal('storage/fenced');
  });

  it('may not, either, once the account was removed', async () => {
    const { now, second } = await two();
    await now.deleteAccount(ANA);
    expect(await codeOf(second.storage.save(() => state()))).to.equal('storage/fenced');
    expect(await codeOf(now.ingest(ANA, [live('b')]))).to.equal('storage/fenced');
  });
});

describe('a disk that fails', () => {
  it('takes nothing from the page: its stream goes on, but for what has a claim, which was not written', async () => {
    let broken = false;
    const database = openMemory(migrations);
    const fence: Fence = { ...createFence(database), change: (_account, tables, work) => (broken ? Promise.reject(new ChatError('storage', 'full', 'user')) : database.change(tables, work)) };
    const storage = createStreamStorage(fence, ANA, false);
    await storage.save(() => state());
    broken = true;
    expect(await codeOf(storage.save(() => state({ received: 7 })))).to.equal('storage/full');
    expect(await codeOf(storage.save(() => state({ received: 8 }), [{ id: 'a', xml: '<a/>' }]))).to.equal('storage/full');
    expect(await storage.load()).to.deep.equal(state({ received: 7 }));
  });
});

import { expect } from '@open-wc/testing';
import { randomId } from '../../src/base/id.js';
import { openDatabase } from '../../src/store/database.js';
import { migrations, type Migration } from '../../src/store/schema.js';
import { openSteady, type Steady } from '../../src/store/steady.js';
import { openStore } from '../../src/store/store.js';
import { until } from '../support/until.js';
import { faultyIndexedDB } from './faulty.js';
import { ANA, BO, all, attempt, bodies, live, newStore, quietLog, removeStores, write } from './support.js';

const restores: (() => unknown)[] = [];

afterEach(async () => {
  for (const restore of restores.splice(0).reverse()) await restore();
  await removeStores();
});

const replace = <T extends object, K extends keyof T>(target: T, name: K, value: T[K]): void => {
  const before = Object.getOwnPropertyDescriptor(target, name);
  Object.defineProperty(target, name, { configurable: true, writable: true, value });
  restores.push(() => {
    if (before) Object.defineProperty(target, name, before);
    else delete target[name];
  });
};

/** A connection that is none of ours and lets go only when it is told to. */
const stubborn = (name: string, version: number): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('not opened'));
  });

const removed = (name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('not deleted'));
  });

/** A request to open that nothing ever happens to. */
const mute = (error?: DOMException): IDBOpenDBRequest =>
  Object.create(IDBOpenDBRequest.prototype, { ...Object.fromEntries(['onsuccess', 'onerror', 'onupgradeneeded', 'onblocked'].map(name => [name, { writable: true }])), error: { value: error } }) as IDBOpenDBRequest;

const next: Migration = { messages: { key: ['account', 'id'], indexes: { byBody: ['account', 'state'] } } };

const steady = async (name: string, steps: readonly Migration[] = migrations): Promise<Steady> => {
  const database = await openSteady(name, steps, quietLog().log);
  restores.push(() => database.close());
  return database;
};

describe('a store that cannot have its database', () => {
  it('because an older page does not close is in memory before a person loses patience, and the newer one can be had later', async () => {
    const name = `test-${randomId()}`;
    await (await openDatabase(name, migrations)).close();
    const older = await stubborn(name, 1);
    restores.push(() => older.close());
    const database = await steady(name, [...migrations, next]);
    expect(database.trouble.value).to.include({ domain: 'storage', code: 'blocked', retry: 'user' });
    await database.change(['keyvalue'], tx => tx.put('keyvalue', { account: ANA, key: 'key', value: 1 }));
    expect((await database.read(['keyvalue'], tx => tx.get('keyvalue', [ANA, 'key'])))?.value).to.equal(1);
    older.close();
    // What came too late stands in nobody’s way.
    const again = await steady(name, [...migrations, next]);
    expect(again.trouble.value).to.equal(undefined);
    restores.unshift(() => removed(name));
  });

  it('because a newer page was there goes on in memory', async () => {
    const name = `test-${randomId()}`;
    (await stubborn(name, 99)).close();
    const store = await newStore('IndexedDB', name);
    expect(store.trouble.value).to.include({ domain: 'storage', code: 'newer-version', retry: 'user' });
    await write(store, 'x');
    expect(await bodies(store)).to.deep.equal(['x']);
    expect(await attempt(store, 'x', '<message/>')).to.equal(true);
  });

  const open: readonly (readonly [string, () => void])[] = [
    ['throws', () => replace(indexedDB, 'open', () => { throw new DOMException('not here', 'SecurityError'); })],
    ['is not there', () => replace(globalThis, 'indexedDB', undefined as unknown as IDBFactory)],
    [
      'refuses',
      () =>
        replace(indexedDB, 'open', () => {
          const request: IDBOpenDBRequest = mute(new DOMException('private', 'InvalidStateError'));
          setTimeout(() => void request.onerror?.(new Event('error')));
          return request;
        }),
    ],
    ['never answers', () => replace(indexedDB, 'open', () => mute())],
  ];
  for (const [how, make] of open) {
    it(`because it ${how} is in memory, says so once, and closes`, async () => {
      make();
      const { log, entries } = quietLog();
      const store = await openStore({ name: randomId(), log });
      expect([store.persistent.value, store.trouble.value?.domain]).to.deep.equal([false, 'storage']);
      await write(store, 'x');
      await store.ingest(ANA, [live('a')]);
      expect(await bodies(store)).to.deep.equal(['x', 'a']);
      expect(entries.map(({ level }) => level)).to.deep.equal(['error']);
      await store.close();
    });
  }

  for (const [at, what] of [[1, 'making'], [2, 'first answer']] as const) {
    it(`because its ${what} never ends is in memory`, async () => {
      const faulty = faultyIndexedDB('hung', at, true);
      restores.push(() => faulty.restore());
      const store = await newStore('IndexedDB');
      expect(store.trouble.value?.code).to.equal('hung');
      await write(store, 'x');
      expect(await bodies(store)).to.deep.equal(['x']);
    });
  }
});

describe('a store whose disk is full', () => {
  it('goes on in memory with all that it had, and takes what comes', async () => {
    const store = await newStore('IndexedDB');
    await store.ingest(ANA, Array.from({ length: 50 }, (_, index) => live(`${index}`)));
    await store.keyvalue.set(ANA, 'key', 'kept');
    const faulty = faultyIndexedDB('full', 1, true);
    restores.push(() => faulty.restore());
    await store.ingest(ANA, [live('new')]);
    expect(store.trouble.value?.code).to.equal('full');
    expect((await all(store)).length).to.equal(51);
    await write(store, 'mine');
    await store.keyvalue.set(ANA, 'other', 2);
    await store.updateConversation(ANA, BO, () => ({ draft: 'typed' }));
    expect((await store.conversation(ANA, BO))?.draft).to.equal('typed');
    expect([await store.keyvalue.get(ANA, 'key'), await store.keyvalue.get(ANA, 'other')]).to.deep.equal(['kept', 2]);
    expect((await bodies(store)).at(-1)).to.equal('mine');
  });

  it('knows what it has not read yet', async () => {
    const name = `test-${randomId()}`;
    const before = await newStore('IndexedDB', name);
    await before.ingest(ANA, Array.from({ length: 50 }, (_, index) => live(`${index}`)));
    const store = await newStore('IndexedDB', name);
    await store.conversations(ANA);
    const faulty = faultyIndexedDB('full', 1, true);
    restores.push(() => faulty.restore());
    await store.ingest(ANA, [live('new')]);
    expect((await all(store)).length).to.equal(51);
  });

  it('sends what waited on the disk once: neither another tab nor the next page sends it, too', async () => {
    const name = `test-${randomId()}`;
    const store = await newStore('IndexedDB', name);
    const other = await newStore('IndexedDB', name);
    await write(store, 'x');
    await write(store, 'y');
    await write(store, 'z');
    const faulty = faultyIndexedDB('full', 1, true);
    restores.push(() => faulty.restore());
    await store.ingest(ANA, [live('new')]);
    expect(store.persistent.value).to.equal(false);
    // Another tab sends one of them before this one does.
    faulty.restore();
    expect(await attempt(other, 'y', '<message/>')).to.equal(true);
    expect(await attempt(store, 'x', '<message/>')).to.equal(true);
    expect(await attempt(store, 'y', '<message/>'), 'the other tab was first').to.equal(false);
    expect(await attempt(other, 'x', '<message/>'), 'this one was first').to.equal(false);
    await store.outbox.settle(ANA, [{ id: 'x', state: 'sent', keep: false }]);
    await until('the disk to hear of it', async () => (await other.message(ANA, 'x'))?.state === 'sent');
    expect((await other.outbox.entries(ANA)).map(({ id, attempted }) => [id, attempted])).to.deep.equal([['y', true], ['z', false]]);
  });

  it('takes its stream along, so that nobody else goes on with it', async () => {
    const name = `test-${randomId()}`;
    const store = await newStore('IndexedDB', name);
    const other = await newStore('IndexedDB', name);
    const { storage } = await store.hold(ANA);
    await storage.save(() => ({ kind: 'managed', jid: 'ana@example.org/a', service: 'wss://example.org/', savedAt: 1, csi: false, id: 'stream', acknowledged: 0, received: 0, queue: [] }));
    expect(await other.keyvalue.get(ANA, 'stream')).to.include({ id: 'stream' });
    const faulty = faultyIndexedDB('full', 1, true);
    restores.push(() => faulty.restore());
    await store.ingest(ANA, [live('new')]);
    expect(await storage.load()).to.include({ id: 'stream' });
    expect(await other.keyvalue.get(ANA, 'stream')).to.equal(undefined);
  });

  it('does not keep on the disk what a person has deleted, or who has signed out', async () => {
    const name = `test-${randomId()}`;
    const store = await newStore('IndexedDB', name);
    const other = await newStore('IndexedDB', name);
    await write(store, 'x');
    await store.keyvalue.set('', 'login', 'token');
    await store.keyvalue.set('bo', 'key', 1);
    const faulty = faultyIndexedDB('full', 1, true);
    restores.push(() => faulty.restore());
    await store.keyvalue.set(ANA, 'key', 1);
    expect(store.persistent.value).to.equal(false);
    await store.keyvalue.delete('', 'login');
    await store.deleteAccount(ANA);
    await until('the disk to forget', async () => (await other.keyvalue.get('', 'login')) === undefined && (await all(other)).length === 0);
    expect(await other.outbox.entries(ANA)).to.deep.equal([]);
    expect(await other.keyvalue.get('bo', 'key')).to.equal(1);
  });
});

describe('a database that a person removes while it is used', () => {
  it('is there again at once, and is told to those who know what was to be sent', async () => {
    const name = `test-${randomId()}`;
    const store = await newStore('IndexedDB', name);
    await write(store, 'x');
    let told = 0;
    store.onEmptied(() => (told += 1));
    await removed(name);
    await until('word of it', () => told === 1);
    expect(await all(store)).to.deep.equal([]);
    expect(store.persistent.value).to.equal(true);
    // The same is no news.
    expect(told).to.equal(1);
  });

  it('is not told of where only the connection was lost', async () => {
    const name = `test-${randomId()}`;
    const connections: IDBDatabase[] = [];
    const { transaction } = IDBDatabase.prototype;
    replace(IDBDatabase.prototype, 'transaction', function (this: IDBDatabase, ...args: Parameters<IDBDatabase['transaction']>) {
      connections.push(this);
      return transaction.apply(this, args);
    });
    const store = await newStore('IndexedDB', name);
    store.onEmptied(() => expect.fail('it is the same database'));
    await write(store, 'x');
    connections[0]?.close();
    connections[0]?.dispatchEvent(new Event('close'));
    await write(store, 'y');
    expect(await bodies(store)).to.deep.equal(['x', 'y']);
    expect(new Set(connections).size).to.equal(2);
  });

  it('asks for the same seal as before, so that nothing goes out in the clear, and doubts what was under way', async () => {
    const name = `test-${randomId()}`;
    const store = await newStore('IndexedDB', name);
    await write(store, 'x');
    await store.updateConversation(ANA, BO, () => ({ protection: 'omemo', draft: 'half a sen' }));
    await attempt(store, 'x', '<message/>');
    await removed(name);
    expect(await store.conversation(ANA, BO)).to.include({ protection: 'omemo', draft: 'half a sen' });
    expect((await store.outbox.entries(ANA)).map(({ id, attempted }) => [id, attempted])).to.deep.equal([['x', true]]);
    expect(await bodies(store)).to.deep.equal(['x']);
  });

  it('is made anew by one of several tabs, and all of them hear of it', async () => {
    const name = `test-${randomId()}`;
    const tabs = await Promise.all([newStore('IndexedDB', name), newStore('IndexedDB', name), newStore('IndexedDB', name)]);
    const told = new Set<number>();
    for (const [index, tab] of tabs.entries()) {
      tab.onEmptied(() => void told.add(index));
      await tab.conversations(ANA);
    }
    await removed(name);
    await until('word of it in all', () => told.size === 3);
    await write(tabs[0], 'x');
    expect(await bodies(tabs[2])).to.deep.equal(['x']);
  });

  it('by another one of a newer version leaves this page in memory', async () => {
    const name = `test-${randomId()}`;
    const store = await newStore('IndexedDB', name);
    await write(store, 'x');
    const newer = await openDatabase(name, [...migrations, next]);
    restores.push(() => newer.close());
    await until('word of it', () => store.trouble.value?.code === 'newer-version');
    expect(await bodies(store)).to.deep.equal(['x']);
    expect(await attempt(store, 'x', '<message/>'), 'it is for the newer page to send').to.equal(false);
    expect((await store.message(ANA, 'x'))?.state).to.equal('queued');
    await write(store, 'y');
    expect(await attempt(store, 'y', '<message/>')).to.equal(true);
  });
});

describe('a store that is closed while its database does not answer', () => {
  it('lets go within two seconds', async function () {
    const store = await newStore('IndexedDB');
    await write(store, 'x');
    const faulty = faultyIndexedDB('hung', 1, true);
    restores.push(() => faulty.restore());
    const writing = write(store, 'y').catch(() => undefined);
    // The test itself has less patience than the database would ask for.
    this.timeout(6_000);
    await store.close();
    void writing;
  });
});

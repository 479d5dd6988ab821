import { expect } from '@open-wc/testing';
import { randomId } from '../../src/base/id.js';
import { openDatabase } from '../../src/store/database.js';
import { openMemory } from '../../src/store/memory.js';
import type { Database } from '../../src/store/port.js';
import { migrations, type Migration, type Row } from '../../src/store/schema.js';
import { openStore } from '../../src/store/store.js';
import { until } from '../support/until.js';
import { ANA, BO, KINDS, all, attempt, bodies, live, newStore, quietLog, removeStores, write } from './support.js';

const restores: (() => void)[] = [];

afterEach(async () => {
  for (const restore of restores.splice(0)) restore();
  await removeStores();
});

/** Puts another function in the place of one of the browser's, for one test. */
const replace = <T extends object, K extends keyof T>(target: T, name: K, value: T[K]): void => {
  const before = target[name];
  target[name] = value;
  restores.push(() => {
    target[name] = before;
  });
};

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'nothing failed', (thrown: unknown) => thrown);

/** A connection that is none of ours and lets go only when it is told to. */
const stubborn = (name: string, version: number): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.open(name, version);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('not opened'));
  });

const next: Migration = { messages: { key: ['account', 'id'], indexes: { byBody: ['account', 'state'] } } };

describe('a store where there is no IndexedDB', () => {
  it('is kept in memory, and says so', async () => {
    replace(indexedDB, 'open', () => {
      throw new DOMException('not here', 'SecurityError');
    });
    const { log, entries } = quietLog();
    const store = await openStore({ name: randomId(), log });
    expect(store.persistent.peek()).to.equal(false);
    expect(entries.map(({ level }) => level)).to.deep.equal(['error']);
    await store.ingest(ANA, [live('a')]);
    expect(await bodies(store)).to.deep.equal(['a']);
  });

  it('is kept in memory because it was asked for', async () => {
    expect((await newStore('memory')).persistent.peek()).to.equal(false);
    expect((await newStore('IndexedDB')).persistent.peek()).to.equal(true);
  });
});

describe('a database that is in the way', () => {
  it('of a newer version is left alone, and a person is asked to reload', async () => {
    const name = `test-${randomId()}`;
    (await stubborn(name, 99)).close();
    expect(await failureOf(openDatabase(name, migrations))).to.include({ domain: 'storage', code: 'newer-version', retry: 'user' });
    indexedDB.deleteDatabase(name);
  });

  it('of an older page that does not let go is said within two seconds', async () => {
    const name = `test-${randomId()}`;
    const older = await stubborn(name, 1);
    const error = await failureOf(openDatabase(name, [...migrations, next]));
    expect(error).to.include({ domain: 'storage', code: 'blocked', retry: 'user' });
    older.close();
    indexedDB.deleteDatabase(name);
  });

  it('of an older page of ours lets go at once, and that page goes on in memory', async () => {
    const name = `test-${randomId()}`;
    const older = await newStore('IndexedDB', name);
    await older.ingest(ANA, [live('a')]);
    const newer = await openDatabase(name, [...migrations, next]);
    expect(await newer.read(['messages'], tx => tx.count('messages', { prefix: [ANA] }))).to.equal(1);
    // It is told at once, not when it next needs its database.
    await until('word of it', () => older.trouble.value?.code === 'newer-version');
    await older.ingest(ANA, [live('b')]);
    expect(await bodies(older)).to.deep.equal(['a', 'b']);
    expect(await newer.read(['messages'], tx => tx.count('messages', { prefix: [ANA] }))).to.equal(1);
    await newer.close();
  });
});

describe('an upgrade', () => {
  for (const [how, open] of [['IndexedDB', openDatabase], ['memory', (_name: string, steps: readonly Migration[]) => Promise.resolve(openMemory(steps))]] as const) {
    it(`adds an index to what is there, in ${how}`, async () => {
      const name = `test-${randomId()}`;
      const first = await openDatabase(name, migrations);
      const database: Database = await open(name, [...migrations, next]);
      await database.change(['messages'], tx => tx.put('messages', { account: ANA, conversation: BO, id: 'x', position: 'a0', keys: [], copies: [], state: 'sent' }));
      expect((await database.read(['messages'], tx => tx.all('messages', { index: 'byBody', prefix: [ANA, 'sent'] }))).map(({ id }) => id)).to.deep.equal(['x']);
      expect((await database.read(['messages'], tx => tx.all('messages', { index: 'order', prefix: [ANA, BO] }))).map(({ id }) => id)).to.deep.equal(['x']);
      await Promise.all([first.close(), database.close()]);
      indexedDB.deleteDatabase(name);
    });
  }
});

describe('a database that fails', () => {
  const full = (): never => {
    throw new DOMException('no room', 'QuotaExceededError');
  };
  const row = (id: string): Row => ({ account: ANA, conversation: BO, id, position: id, keys: [], copies: [] });
  const rows = (database: Database): Promise<number> => database.read(['messages'], tx => tx.count('messages', { prefix: [ANA] }));
  const open = async (): Promise<Database> => {
    const name = `test-${randomId()}`;
    const database = await openDatabase(name, migrations);
    restores.push(() => {
      void database.close();
      indexedDB.deleteDatabase(name);
    });
    return database;
  };

  it('says that the disk is full, stores nothing of the batch, and works again when there is room', async () => {
    const database = await open();
    const { put } = IDBObjectStore.prototype;
    let left = 2;
    replace(IDBObjectStore.prototype, 'put', function (this: IDBObjectStore, value: unknown) {
      left -= 1;
      return left < 0 ? full() : put.call(this, value);
    });
    const write = (...ids: readonly string[]): Promise<void> =>
      database.change(['messages'], tx => {
        for (const id of ids) tx.put('messages', row(id));
      });
    expect(await failureOf(write('a', 'b', 'c'))).to.include({ domain: 'storage', code: 'full', retry: 'user' });
    expect(await rows(database)).to.equal(0);
    left = 1;
    await write('d');
    expect(await rows(database)).to.equal(1);
  });

  it('by aborting the transaction under the work does it again, and nothing else is heard', async () => {
    const uncaught: unknown[] = [];
    const hear = (event: PromiseRejectionEvent): void => void uncaught.push(event.reason);
    addEventListener('unhandledrejection', hear);
    const store = await newStore('IndexedDB');
    const { getAll } = IDBIndex.prototype;
    let aborted = 0;
    replace(IDBIndex.prototype, 'getAll', function (this: IDBIndex, ...args: Parameters<IDBIndex['getAll']>) {
      const request = getAll.apply(this, args);
      if (aborted === 0) queueMicrotask(() => this.objectStore.transaction.abort());
      aborted += 1;
      return request;
    });
    await store.ingest(ANA, [live('a'), live('b')]);
    for (const restore of restores.splice(0)) restore();
    expect(aborted).to.be.greaterThan(1);
    expect(await bodies(store)).to.deep.equal(['a', 'b']);
    expect(store.persistent.value).to.equal(true);
    removeEventListener('unhandledrejection', hear);
    expect(uncaught).to.deep.equal([]);
  });

  it('when a plugin awaits something else stores nothing, neither of it nor of the message', async () => {
    const store = await newStore('IndexedDB');
    const error = await failureOf(
      store.ingest(ANA, [live('a')], {
        commitWith: [
          async tx => {
            await tx.set(ANA, 'ratchet', 1);
            await new Promise(resolve => setTimeout(resolve, 20));
          },
        ],
      }),
    );
    expect(error).to.include({ domain: 'storage' });
    expect(await store.keyvalue.get(ANA, 'ratchet')).to.equal(undefined);
    expect(await bodies(store)).to.deep.equal([]);
    expect(store.persistent.value, 'that is not the fault of the disk').to.equal(true);
  });
});

describe('a database that is taken away', () => {
  it('when a person clears the data is opened anew by the next act', async () => {
    const name = `test-${randomId()}`;
    const store = await newStore('IndexedDB', name);
    await store.ingest(ANA, [live('a')]);
    await new Promise((resolve, reject) => {
      const request = indexedDB.deleteDatabase(name);
      request.onsuccess = resolve;
      request.onerror = reject;
    });
    expect(await all(store)).to.deep.equal([]);
    await store.ingest(ANA, [live('b')]);
    expect(await bodies(store)).to.deep.equal(['b']);
  });

  it('when the browser closes the connection is opened anew by the next act', async () => {
    const store = await newStore('IndexedDB');
    const { transaction } = IDBDatabase.prototype;
    await store.ingest(ANA, [live('a')]);
    const used: IDBDatabase[] = [];
    replace(IDBDatabase.prototype, 'transaction', function (this: IDBDatabase, ...args: Parameters<IDBDatabase['transaction']>) {
      used.push(this);
      return transaction.apply(this, args);
    });
    await store.conversations(ANA);
    used[0]?.close();
    expect(await Promise.all([bodies(store), bodies(store)])).to.deep.equal([['a'], ['a']]);
    expect(new Set(used).size, 'one new connection for both').to.equal(2);
  });
});

for (const kind of KINDS) {
  describe(`closing a store in ${kind}`, () => {
    it('lets finish what is under way, and refuses what comes later', async () => {
      const store = await newStore(kind);
      let finished = 0;
      store.ingest(ANA, [live('a')]).then(({ messages }) => (finished = messages.length), () => (finished = -1));
      await store.close();
      expect(finished).to.equal(1);
      expect(await failureOf(store.conversations(ANA))).to.include({ domain: 'storage', code: 'closed', retry: 'no' });
      expect(await failureOf(store.ingest(ANA, [live('b')]))).to.include({ domain: 'storage', code: 'closed' });
      await store.close();
    });

    it('can be done twice, and at once', async () => {
      const store = await newStore(kind);
      await Promise.all([store.close(), store.close()]);
    });
  });
}

describe('two pages at once', () => {
  it('see at once what the other wrote, and never take one place twice', async () => {
    const name = `test-${randomId()}`;
    const [one, other] = await Promise.all([newStore('IndexedDB', name), newStore('IndexedDB', name)]);
    await Promise.all(Array.from({ length: 40 }, (_, index) => (index % 2 ? one : other).ingest(ANA, [live(`a${index}`), live(`b${index}`)])));
    const messages = await all(one);
    expect(messages.length).to.equal(80);
    expect(new Set(messages.map(({ position }) => position)).size).to.equal(80);
    expect(await all(other)).to.deep.equal(messages);
    expect((await one.conversation(ANA, BO))?.unread).to.deep.equal({ kind: 'exact', count: 80 });
  });

  it('that hear the same messages keep each once', async () => {
    const name = `test-${randomId()}`;
    const [one, other] = await Promise.all([newStore('IndexedDB', name), newStore('IndexedDB', name)]);
    const same = Array.from({ length: 30 }, (_, index) => live(`${index}`));
    const changes = await Promise.all(same.flatMap(its => [one.ingest(ANA, [its]), other.ingest(ANA, [its])]));
    expect(await bodies(one)).to.deep.equal(same.map(({ copy }) => copy.body));
    expect(changes.flatMap(({ messages }) => messages).length, 'announced once').to.equal(30);
  });

  it('let only one of them write a message to its socket', async () => {
    const name = `test-${randomId()}`;
    const [one, other] = await Promise.all([newStore('IndexedDB', name), newStore('IndexedDB', name)]);
    await write(one, 'x');
    const attempts = await Promise.all([attempt(one, 'x', '<a/>'), attempt(other, 'x', '<b/>')]);
    expect([...attempts].sort()).to.deep.equal([false, true]);
  });
});

for (const kind of KINDS) {
  describe(`values in ${kind}`, () => {
    it('are kept per account and key, and are nobody’s to change from outside', async () => {
      const store = await newStore(kind);
      const value = { list: [1] };
      await store.keyvalue.set(ANA, 'key', value);
      await store.keyvalue.set('', 'key', 'device');
      value.list.push(2);
      expect(await store.keyvalue.get(ANA, 'key')).to.deep.equal({ list: [1] });
      (await store.keyvalue.get<typeof value>(ANA, 'key'))?.list.push(3);
      expect(await store.keyvalue.get(ANA, 'key')).to.deep.equal({ list: [1] });
      expect(await store.keyvalue.get('', 'key')).to.equal('device');
      await store.keyvalue.delete(ANA, 'key');
      expect(await store.keyvalue.get(ANA, 'key')).to.equal(undefined);
      expect(await store.keyvalue.get('', 'key')).to.equal('device');
    });

    it('that cannot be stored are refused', async () => {
      const store = await newStore(kind);
      expect(await failureOf(store.keyvalue.set(ANA, 'key', () => undefined))).to.include({ domain: 'storage' });
      expect(await store.keyvalue.get(ANA, 'key')).to.equal(undefined);
    });
  });
}

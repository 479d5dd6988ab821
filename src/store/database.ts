/** The door to IndexedDB: opens, upgrades and survives what browsers do to databases. */
import { ChatError } from '../base/errors.js';
import { closed, failure } from './failure.js';
import type { Database, Span, Transaction, Work } from './port.js';
import type { Migration, Row, TableName, Tables } from './schema.js';

/** How long another page may take to let go of an older version. */
const PATIENCE_MS = 1500;

/** What a request answers; asked again after its cursor moved, what it answers then. */
const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(failure(request.error));
  });

const migrate = (db: IDBDatabase, tx: IDBTransaction, steps: readonly Migration[]): void => {
  for (const [name, { key, indexes = {}, lists = {} }] of steps.flatMap(step => Object.entries(step))) {
    const store = db.objectStoreNames.contains(name) ? tx.objectStore(name) : db.createObjectStore(name, { keyPath: [...key] });
    for (const [index, paths] of Object.entries(indexes)) if (!store.indexNames.contains(index)) store.createIndex(index, [...paths]);
    for (const [index, path] of Object.entries(lists)) if (!store.indexNames.contains(index)) store.createIndex(index, path, { multiEntry: true });
  }
};

/** Opens one connection. It may be taken away at any time: by a newer page, by a person who clears the data, or by the browser. */
const connect = (name: string, migrations: readonly Migration[]): Promise<IDBDatabase> =>
  new Promise((resolve, reject) => {
    let patience: ReturnType<typeof setTimeout> | undefined;
    let late = false;
    const opening = indexedDB.open(name, migrations.length);
    opening.onupgradeneeded = ({ oldVersion }) => {
      if (opening.transaction) migrate(opening.result, opening.transaction, migrations.slice(oldVersion));
    };
    opening.onblocked = () => {
      patience = setTimeout(() => {
        late = true;
        reject(new ChatError('storage', 'blocked', 'user'));
      }, PATIENCE_MS);
    };
    answer(opening)
      .then(
        db => {
          // Without this an update of the page would wait for this one to be closed.
          db.onversionchange = () => db.close();
          if (late) db.close();
          else resolve(db);
        },
        (error: unknown) => reject(failure(error)),
      )
      .finally(() => clearTimeout(patience));
  });

const range = ({ prefix, after, before }: Span): IDBKeyRange =>
  // A list sorts after every string, so it ends all keys that begin with the prefix.
  IDBKeyRange.bound(after === undefined ? prefix : [...prefix, after], before === undefined ? [...prefix, []] : [...prefix, before], after !== undefined, before !== undefined);

const transaction = (tx: IDBTransaction): Transaction => {
  const source = (table: TableName, index?: string) => (index === undefined ? tx.objectStore(table) : tx.objectStore(table).index(index));
  return {
    get: async <N extends TableName>(table: N, key: readonly string[]) => (await answer(tx.objectStore(table).get([...key]))) as Tables[N] | undefined,
    all: async <N extends TableName>(table: N, span: Span) => {
      const from = source(table, span.index);
      let keyRange = range(span);
      if (span.last !== undefined) {
        // The last n in three requests: a step back over n keys, then all from there.
        const stepping = from.openKeyCursor(keyRange, 'prev');
        const end = await answer(stepping);
        if (!end) return [];
        if (span.last > 1) end.advance(span.last - 1);
        const start = span.last > 1 ? await answer(stepping) : end;
        if (start) keyRange = IDBKeyRange.bound(start.key, keyRange.upper, false, keyRange.upperOpen);
      }
      return (await answer(from.getAll(keyRange, span.first))) as Tables[N][];
    },
    count: (table, span) => answer(source(table, span.index).count(range(span))),
    bearing: async (key, most) => (await answer(source('messages', 'keys').getAll(key, most))) as Row[],
    put: (table, value) => void tx.objectStore(table).put(value),
    delete: (table, prefix) => void tx.objectStore(table).delete(range({ prefix })),
  };
};

/** Settles when a transaction is over. */
const end = (tx: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    // A request that fails aborts its transaction.
    tx.onabort = () => reject(failure(tx.error));
  });

const abort = (tx: IDBTransaction): void => {
  try {
    tx.abort();
  } catch {
    // It is over already, and that was the reason.
  }
};

/** Opens the database. A connection that is lost is opened again by the next act; nothing of it is remembered outside. */
export const openDatabase = async (name: string, migrations: readonly Migration[]): Promise<Database> => {
  const running = new Set<Promise<unknown>>();
  let connection: Promise<IDBDatabase> | undefined;
  let open = true;

  const database = (): Promise<IDBDatabase> => {
    const made = (connection ??= connect(name, migrations));
    made.catch(() => forget(made));
    return made;
  };
  const forget = (lost: Promise<IDBDatabase>): void => {
    if (connection === lost) connection = undefined;
  };
  const begin = async (tables: readonly TableName[], mode: 'readonly' | 'readwrite', durability: 'strict' | 'relaxed', again = true): Promise<IDBTransaction> => {
    const opening = database();
    const db = await opening;
    try {
      return db.transaction([...tables], mode, { durability });
    } catch (error) {
      // Only a connection that was taken away refuses a transaction.
      forget(opening);
      if (again) return begin(tables, mode, durability, false);
      throw failure(error);
    }
  };
  const act = async <T>(tables: readonly TableName[], mode: 'readonly' | 'readwrite', work: Work<T>, durability: 'strict' | 'relaxed' = 'relaxed'): Promise<T> => {
    if (!open) throw closed();
    const tx = await begin(tables, mode, durability);
    const ended = end(tx);
    // Heard below as well; without this a transaction that fails under the work would be an uncaught error of the page.
    const over = Promise.allSettled([ended]);
    try {
      const result = await work(transaction(tx));
      await ended;
      return result;
    } catch (error) {
      const cause: unknown = tx.error ?? error;
      abort(tx);
      await over;
      throw failure(cause);
    }
  };
  const tracked = <T>(acting: Promise<T>): Promise<T> => {
    running.add(acting);
    const done = (): void => void running.delete(acting);
    acting.then(done, done);
    return acting;
  };

  await database();
  return {
    persistent: true,
    read: (tables, work) => tracked(act(tables, 'readonly', work)),
    change: (tables, work, durability) => tracked(act(tables, 'readwrite', work, durability)),
    close: async () => {
      open = false;
      await Promise.allSettled(running);
      const [last] = await Promise.allSettled([connection]);
      if (last.status === 'fulfilled') last.value?.close();
    },
  };
};

/** The door to IndexedDB: opens, upgrades and survives what browsers do to databases. */
import { ChatError } from '../base/errors.js';
import { randomId } from '../base/id.js';
import { closed, failure } from './failure.js';
import { within } from './patience.js';
import type { Database, Span, Transaction, Work } from './port.js';
import type { Migration, Row, TableName, Tables } from './schema.js';

/** How long the database may take for an answer while a page starts, which waits for it; another page may keep an older version all that time. */
const STARTING_MS = 1_300;
const START_IS_OVER_MS = 3_000;
/** How long later, and for what has to be on the disk. */
const PATIENCE_MS = 8_000;
const CLOSING_MS = 1_000;

/** The value that tells one database from another that takes its name after it was removed. */
const IDENTITY = ['', 'database'] as const;

/** A row that was read or written; without it all are gone whose key begins with the prefix. */
export type Note = readonly [table: TableName, row?: object | undefined, prefix?: readonly string[]];

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

/** Opens one connection. Rejects with ChatError storage/blocked when an older page did not let go of an older version. */
const connect = async (name: string, migrations: readonly Migration[], patience: number): Promise<IDBDatabase> => {
  let blocked = false;
  const opening = indexedDB.open(name, migrations.length);
  opening.onupgradeneeded = ({ oldVersion }) => {
    if (!opening.transaction) return;
    migrate(opening.result, opening.transaction, migrations.slice(oldVersion));
    const [account, key] = IDENTITY;
    if (oldVersion === 0) opening.transaction.objectStore('keyvalue').put({ account, key, value: randomId() });
  };
  opening.onblocked = () => {
    blocked = true;
  };
  const opened = answer(opening);
  try {
    return await within(patience, opened);
  } catch (error) {
    // What comes too late must not stand in the way of others; what fails has been told.
    if (opening.transaction) abort(opening.transaction);
    opened.then(
      db => db.close(),
      () => undefined,
    );
    throw blocked ? new ChatError('storage', 'blocked', 'user', undefined, { cause: error }) : failure(error);
  }
};

const range = ({ prefix, after, before }: Span): IDBKeyRange =>
  // A list sorts after every string, so it ends all keys that begin with the prefix.
  IDBKeyRange.bound(after === undefined ? prefix : [...prefix, after], before === undefined ? [...prefix, []] : [...prefix, before], after !== undefined, before !== undefined);

/** Messages and the like are never changed once they are made; what plugins keep is theirs. */
const note = (table: TableName, row: object): Note => [table, table === 'keyvalue' ? structuredClone(row) : row];

const transaction = (tx: IDBTransaction, notes: Note[]): Transaction => {
  const noted = <N extends TableName>(table: N, rows: readonly Tables[N][]): readonly Tables[N][] => {
    for (const row of rows) notes.push(note(table, row));
    return rows;
  };
  const source = (table: TableName, index?: string) => (index === undefined ? tx.objectStore(table) : tx.objectStore(table).index(index));
  return {
    get: async <N extends TableName>(table: N, key: readonly string[]) => {
      const row = (await answer(tx.objectStore(table).get([...key]))) as Tables[N] | undefined;
      return row && noted(table, [row])[0];
    },
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
      return noted(table, (await answer(from.getAll(keyRange, span.first))) as Tables[N][]);
    },
    count: (table, span) => answer(source(table, span.index).count(range(span))),
    bearing: async (key, most) => noted('messages', (await answer(source('messages', 'keys').getAll(key, most))) as Row[]),
    put: (table, row) => {
      tx.objectStore(table).put(row);
      notes.push(note(table, row));
    },
    delete: (table, prefix) => {
      tx.objectStore(table).delete(range({ prefix }));
      notes.push([table, undefined, prefix]);
    },
  };
};

/** Settles when a transaction is over. */
const end = (tx: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    tx.oncomplete = () => resolve();
    // A request that fails aborts its transaction.
    tx.onabort = () => reject(failure(tx.error));
  });

/** Undoes a transaction. False: it is over, or nobody knows. */
const abort = (tx: IDBTransaction): boolean => {
  try {
    tx.abort();
    return true;
  } catch {
    return false;
  }
};

export interface DatabaseParts {
  /** Hears of the rows of each transaction that went through. */
  noted?(notes: readonly Note[]): void;
  /** Hears that the connection was taken away: by a newer page, by a person who clears the data, or by the browser. */
  taken?(): void;
  /** Hears that another database, an empty one, is in the place of the one that was there. */
  emptied?(): void;
  /** Writes into such a database what must not be forgotten, before anything else is. */
  rescue?(db: IDBDatabase): Promise<void>;
}

/**
 * Opens the database; nothing of it is remembered here. A connection that is lost is opened again by the next act, and what
 * was broken off is done again, so the work of a transaction may run twice. Rejects with ChatError storage/…, besides those of `failure`: `blocked`,
 * `hung` (no answer, and nothing was done), `in-doubt` (no answer, and nobody knows).
 */
export const openDatabase = async (name: string, migrations: readonly Migration[], { noted, taken, emptied, rescue }: DatabaseParts = {}): Promise<Database> => {
  const running = new Set<Promise<unknown>>();
  const born = performance.now();
  let connection: Promise<IDBDatabase> | undefined;
  let identity: unknown;
  let open = true;

  const patience = (): number => (performance.now() - born < START_IS_OVER_MS ? STARTING_MS : PATIENCE_MS);
  const prepare = async (): Promise<IDBDatabase> => {
    const db = await connect(name, migrations, patience());
    const lose = (): void => {
      db.close();
      connection = undefined;
      if (open) taken?.();
    };
    // Without this an update of the page would wait for this one to be closed.
    db.onversionchange = lose;
    db.onclose = lose;
    const tx = db.transaction('keyvalue');
    try {
      const row = (await within(patience(), answer(tx.objectStore('keyvalue').get([...IDENTITY])))) as Tables['keyvalue'] | undefined;
      const now = row?.value ?? identity;
      const other = identity !== undefined && now !== identity;
      if (other && rescue) await within(patience(), rescue(db));
      identity = now;
      if (other) emptied?.();
      return db;
    } catch (error) {
      abort(tx);
      db.close();
      throw error;
    }
  };
  const database = (): Promise<IDBDatabase> => {
    const made = (connection ??= prepare());
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
      throw new ChatError('storage', 'lost', 'later', String(error), { cause: error });
    }
  };
  const act = async <T>(tables: readonly TableName[], mode: 'readonly' | 'readwrite', work: Work<T>, durability: 'strict' | 'relaxed' = 'relaxed', again = true): Promise<T> => {
    if (!open) throw closed();
    const notes: Note[] = [];
    let tx: IDBTransaction | undefined;
    let wanted = true;
    const run = async (): Promise<T> => {
      tx = await begin(tables, mode, durability);
      if (!wanted) {
        abort(tx);
        throw closed();
      }
      const ended = end(tx);
      // Heard below as well; without this a transaction that fails under the work would be an uncaught error of the page.
      void Promise.allSettled([ended]);
      const result = await work(transaction(tx, notes));
      await ended;
      noted?.(notes);
      return result;
    };
    try {
      return await within(durability === 'strict' ? PATIENCE_MS : patience(), run());
    } catch (thrown) {
      wanted = false;
      const error = failure(tx?.error ?? thrown);
      const undone = !tx || abort(tx);
      if (error.code === 'hung' && !undone && mode === 'readwrite') throw new ChatError('storage', 'in-doubt', 'user', undefined, { cause: error });
      if (again && (error.code === 'lost' || error.code === 'cut-short')) return act(tables, mode, work, durability, false);
      throw error;
    }
  };
  const tracked = <T>(acting: Promise<T>): Promise<T> => {
    running.add(acting);
    const done = (): void => void running.delete(acting);
    acting.then(done, done);
    return acting;
  };
  const close = async (): Promise<void> => {
    open = false;
    const letFinish = Promise.allSettled(running).then(() => connection);
    // What is under way is let finish by the connection, too; a page that wants to go does not wait for a database that is stuck.
    await Promise.allSettled([within(CLOSING_MS, letFinish)]);
    connection?.then(
      db => db.close(),
      () => undefined,
    );
  };

  try {
    // A start that fails is tried once more, as every act is.
    await within(
      STARTING_MS,
      database().catch((error: unknown) => {
        if (failure(error).code !== 'lost') throw error;
        return database();
      }),
    );
  } catch (error) {
    // Whatever comes now comes too late.
    void close();
    throw failure(error);
  }
  return {
    read: (tables, work) => tracked(act(tables, 'readonly', work)),
    change: (tables, work, durability) => tracked(act(tables, 'readwrite', work, durability)),
    close,
  };
};

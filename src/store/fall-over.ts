/** How the store gets from the disk into memory without losing a message and without sending one twice. Loaded when the disk fails. */
import { ChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { claimed } from '../xmpp/trouble.js';
import type { OutboxEntry } from './contract.js';
import type { Note } from './database.js';
import { failure } from './failure.js';
import { begins, nameOf, Journal } from './journal.js';
import { openMemory } from './memory.js';
import { within } from './patience.js';
import type { Database, Transaction } from './port.js';
import type { Migration, StoredRecord, TableName, Tables } from './schema.js';
import { STREAM_KEY } from './stream.js';

export interface FallOver {
  readonly migrations: readonly Migration[];
  /** What is known of the disk so far. */
  notes(): readonly Note[];
  /** From now on `run` hears of what is known. */
  listen(run: (notes: readonly Note[]) => void): void;
  /** What fails; undefined: it could not even be opened. */
  readonly disk: Database | undefined;
  readonly log: Log;
}

/** How long the disk may take for what can still be read of it, and for a mark on an entry of its outbox, in milliseconds. */
const READING_MS = 600;
const MARKING_MS = 1_000;
/** How many messages of each conversation go along. */
const NEWEST = 300;
const SMALL: readonly TableName[] = ['conversations', 'outbox', 'keyvalue'];

/** Has the journal learn what the disk still gives away. False: it gives nothing. */
const learn = async (disk: Database, { tables }: Journal): Promise<boolean> => {
  let answers = false;
  const read = async (): Promise<void> => {
    const accounts = new Set([...tables.values()].flatMap(rows => [...rows.values()].map(row => (row as StoredRecord).account)));
    await disk.read([...SMALL, 'messages'], async tx => {
      for (const account of accounts) {
        for (const table of SMALL) await tx.all(table, { prefix: [account] });
        for (const { id } of await tx.all('outbox', { prefix: [account] })) await tx.get('messages', [account, id]);
      }
    });
    answers = true;
    for (const row of tables.get('conversations')?.values() ?? []) {
      const { account, id } = row as StoredRecord;
      await disk.read(['messages'], tx => tx.all('messages', { index: 'order', prefix: [account, id], last: NEWEST }));
    }
  };
  // What it does not tell in time is left there.
  await Promise.allSettled([within(READING_MS, read())]);
  return answers;
};

/** Takes off the disk what this page stored of its stream: nobody else can go on with it from there, as this page goes on and does not tell the disk. */
const takeStreams = (disk: Database, streams: readonly Tables['keyvalue'][]): Promise<void> =>
  disk.change(['keyvalue'], async tx => {
    for (const stream of streams) {
      const key = [stream.account, stream.key];
      // Another tab may have stored its own by now.
      if (JSON.stringify(await tx.get('keyvalue', key)) === JSON.stringify(stream)) tx.delete('keyvalue', key);
    }
  });

/** An entry of the disk's outbox that is in memory, too. */
interface Debt {
  readonly key: readonly [account: string, id: string];
  /** Whether the disk knows that it may have been written to a socket. */
  marked: boolean;
}

type Deletion = Parameters<Transaction['delete']>;

/** The mark could not be made: somebody else may send this. */
class Unmarked extends Error {
  constructor(
    readonly key: Debt['key'],
    options: ErrorOptions,
  ) {
    super('This message is for the next page to send.', options);
  }
}

/** Marks an entry on the disk before it is written to a socket, so that neither another tab nor the next page sends it once more. */
const mark = async (disk: Database, [account, id]: Debt['key'], entry: OutboxEntry): Promise<void> => {
  const key = [account, id];
  const change = (write: (tx: Transaction) => void): Promise<void> =>
    disk.change(
      ['outbox', 'messages'],
      async tx => {
        const there = await tx.get('outbox', key);
        if (!there || there.attempted) throw claimed();
        write(tx);
      },
      'strict',
    );
  try {
    await change(tx => tx.put('outbox', entry));
  } catch (error) {
    if (failure(error).code !== 'full') throw error;
    // There is no room even for that, but none is needed to take it away.
    await change(tx => {
      tx.delete('outbox', key);
      tx.delete('messages', key);
    });
  }
};

/**
 * A database in memory with all that is known of the disk's. What is still to be sent is marked on the disk before that; if the disk cannot be marked,
 * it is left for the next page, and shown as waiting. History of which only parts are known is not said to be complete.
 */
export const fallOver = async ({ migrations, notes, listen, disk, log }: FallOver): Promise<Database> => {
  const journal = new Journal(migrations, notes());
  listen(more => {
    for (const note of more) journal.take(note);
  });
  const memory = openMemory(migrations);
  const debts = new Map<string, Debt>();
  const streams = [...(journal.tables.get('keyvalue')?.values() ?? [])].filter((row): row is Tables['keyvalue'] => 'key' in row && row.key === STREAM_KEY);
  const answers = disk !== undefined && (await learn(disk, journal));

  /** Whether a row goes along; what this page may not send does not. */
  const take = (table: TableName, row: object): boolean => {
    if (table === 'coverage') return false;
    if (table !== 'outbox') return true;
    const { account, id, attempted } = row as OutboxEntry;
    if (!attempted && !answers) return false;
    debts.set(nameOf([account, id]), { key: [account, id], marked: attempted });
    return true;
  };
  const rows = [...journal.tables].flatMap(([table, its]) => [...its.values()].flatMap(row => (take(table, row) ? { table, row } : [])));
  await memory.change([...journal.tables.keys()], tx => {
    for (const { table, row } of rows) tx.put(table, row as never);
  });
  // What was under way on the disk and gets there after all.
  const hear = ([table, row]: Note): void => {
    if (!row || (table === 'outbox' && debts.has(nameOf(journal.keyOf(table, row)))) || !take(table, row)) return;
    const key = journal.keyOf(table, row);
    memory.change([table], async tx => void ((await tx.get(table, key)) ?? tx.put(table, row as never))).catch((error: unknown) => log.report(error));
  };

  listen(more => {
    for (const note of more) {
      journal.take(note);
      hear(note);
    }
  });
  if (answers && streams.length > 0) await Promise.allSettled([within(MARKING_MS, takeStreams(disk, streams))]);

  /** Tells the disk what became of what it has, too; nobody waits for it, as it may not answer. */
  const tell = (write: (tx: Transaction) => void): void => {
    disk?.change([...journal.tables.keys()], write).catch((error: unknown) => log.debug(`What is gone may be there again in the next page: ${String(error)}`));
  };
  const onDisk = ([table, prefix]: Deletion): boolean => [...(journal.tables.get(table)?.keys() ?? [])].some(name => begins(name, prefix));

  /** Marks on the disk what may be written to a socket from now on, and tells it of what is settled. */
  const pay = async (tx: Transaction): Promise<void> => {
    for (const [name, debt] of debts) {
      const { key, marked } = debt;
      const entry = await tx.get('outbox', key);
      if (!disk || (entry && (marked || !entry.attempted))) continue;
      if (entry) {
        await within(MARKING_MS, mark(disk, key, entry)).catch((cause: unknown) => {
          throw new Unmarked(key, { cause });
        });
        debt.marked = true;
      } else {
        debts.delete(name);
        const row = await tx.get('messages', key);
        tell(its => {
          its.delete('outbox', key);
          if (row) its.put('messages', row);
        });
      }
    }
  };
  const change: Database['change'] = async (tables, work) => {
    for (;;) {
      try {
        const deletions: Deletion[] = [];
        const result = await memory.change(tables, async tx => {
          const done = await work({
            ...tx,
            delete: (...deletion) => {
              tx.delete(...deletion);
              deletions.push(deletion);
            },
          });
          if (tables.includes('outbox')) await pay(tx);
          return done;
        });
        // Who signs out or deletes a message does not want to find it again.
        const gone = deletions.filter(onDisk);
        if (gone.length > 0) {
          tell(tx => {
            for (const deletion of gone) tx.delete(...deletion);
          });
        }
        return result;
      } catch (error) {
        const cause = error instanceof ChatError ? error.cause : error;
        if (!(cause instanceof Unmarked)) throw error;
        log.warn(cause.message);
        debts.delete(nameOf(cause.key));
        await memory.change(['outbox'], tx => tx.delete('outbox', cause.key));
      }
    }
  };
  return { ...memory, change };
};

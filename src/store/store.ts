/** The store, put together: one database, and the acts on it. */
import { chunk } from '../base/chunk.js';
import { ChatError } from '../base/errors.js';
import type { Store, StoreOptions } from './contract.js';
import { createConversations } from './conversations.js';
import { openDatabase } from './database.js';
import { createKeyValue } from './keyvalue.js';
import { createMessages } from './messages.js';
import { createOutbox } from './outbox.js';
import type { Database } from './port.js';
import { migrations, type TableName } from './schema.js';

export type * from './contract.js';

const TABLES = migrations.flatMap(step => Object.keys(step) as TableName[]);

/** All acts of the store over one database. */
const createStore = (database: Database): Store => ({
  persistent: database.persistent,
  keyvalue: createKeyValue(database),
  outbox: createOutbox(database),
  ...createConversations(database),
  ...createMessages(database),
  deleteAccount: account =>
    database.change(TABLES, tx => {
      for (const table of TABLES) tx.delete(table, [account]);
    }),
  close: () => database.close(),
});

/** Few pages need it, so few load it. */
const inMemory = async (): Promise<Store> => createStore((await chunk(import('./memory.js'))).openMemory(migrations));

/** What a person can do something about is said; anything else means that there is no IndexedDB here. */
const isHopeless = (error: unknown): boolean => !(error instanceof ChatError && error.retry === 'user' && error.code !== 'full');

/**
 * Opens the store. Where IndexedDB cannot be had (private mode, a partitioned frame) it is kept in memory and says so.
 * Rejects with ChatError storage/blocked while an older page keeps the database, storage/newer-version when it was written by a newer one.
 */
export const openStore = async ({ name, log, memory = false }: StoreOptions): Promise<Store> => {
  if (memory) return inMemory();
  try {
    return createStore(await openDatabase(name, migrations));
  } catch (error) {
    if (!isHopeless(error)) throw error;
    log.report(error, 'There is no IndexedDB here: the conversation is kept in memory only.');
    return inMemory();
  }
};

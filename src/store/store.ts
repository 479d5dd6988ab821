/** The store, put together: one database, and the acts on it. */
import { chunk } from '../base/chunk.js';
import { computed, signal } from '../base/signal.js';
import type { Store, StoreOptions } from './contract.js';
import { createConversations } from './conversations.js';
import { createFence } from './fence.js';
import { createKeyValue } from './keyvalue.js';
import { createMessages } from './messages.js';
import { createOutbox } from './outbox.js';
import { migrations, type TableName } from './schema.js';
import { openSteady, type Steady } from './steady.js';
import { createStreamStorage } from './stream.js';

export type * from './contract.js';

const TABLES = migrations.flatMap(step => Object.keys(step) as TableName[]);

/** All acts of the store over one database. */
const createStore = (database: Steady, persistent: Store['persistent'], fence = createFence(database)): Store => ({
  persistent,
  trouble: database.trouble,
  onEmptied: run => database.onEmptied(run),
  keyvalue: createKeyValue(database),
  outbox: createOutbox(database, fence),
  ...createConversations(database),
  ...createMessages(database, fence),
  deleteAccount: account =>
    database.change(TABLES, async tx => {
      for (const table of TABLES) tx.delete(table, [account]);
      // Whoever still holds its session must not begin it anew.
      await fence.bar(tx, account);
    }),
  hold: async (account, { alone = false } = {}) => ({ epoch: alone ? 0 : await fence.hold(account), storage: createStreamStorage(fence, account, alone) }),
  close: () => database.close(),
});

/**
 * Opens the store, within 1.5 s. Where IndexedDB cannot be had (private mode, a partitioned frame, an older page in the way, a newer one's database), or fails
 * later, the store goes on in memory and says so by `trouble`. Rejects only when what that needs cannot be loaded.
 */
export const openStore = async ({ name, log, memory = false }: StoreOptions): Promise<Store> => {
  if (memory) return createStore({ ...(await chunk(import('./memory.js'))).openMemory(migrations), trouble: signal(undefined), onEmptied: () => () => undefined }, signal(false));
  const database = await openSteady(name, migrations, log);
  return createStore(database, computed(() => !database.trouble.value));
};

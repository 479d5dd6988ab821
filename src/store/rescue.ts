/** What this page writes into a database that is suddenly another, empty one. Loaded when somebody removed the first. */
import type { Note } from './database.js';
import { failure } from './failure.js';
import { Journal } from './journal.js';
import type { Migration, TableName } from './schema.js';

/**
 * Writes again what must not be forgotten while the page is open: what conversations ask for, above all a seal, and messages whose fate is not known. Before
 * anything else is written there; what another page has written is left alone. What is still to be sent is for the outbox to write: only it knows what is its own.
 */
export const rescue = (db: IDBDatabase, migrations: readonly Migration[], notes: readonly Note[]): Promise<void> =>
  new Promise((resolve, reject) => {
    const { tables } = new Journal(migrations, notes);
    const tx = db.transaction(['conversations', 'outbox', 'messages'], 'readwrite', { durability: 'strict' });
    tx.oncomplete = () => resolve();
    tx.onabort = () => reject(failure(tx.error));
    const add = (table: TableName, row: object | undefined): void => {
      if (!row) return;
      tx.objectStore(table).add(row).onerror = event => {
        if ((event.target as IDBRequest).error?.name !== 'ConstraintError') return;
        event.preventDefault();
        event.stopPropagation();
      };
    };
    for (const record of tables.get('conversations')?.values() ?? []) add('conversations', { ...record, preview: undefined, count: 0 });
    for (const [name, entry] of tables.get('outbox') ?? []) {
      if (!(entry as { readonly attempted: boolean }).attempted) continue;
      add('outbox', entry);
      add('messages', tables.get('messages')?.get(name));
    }
  });

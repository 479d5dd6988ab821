/** What a page knows of its database, put together from the notes of its transactions. Loaded when the database is lost, or when there are many notes. */
import type { Note } from './database.js';
import type { Migration, TableName, TableShape } from './schema.js';

/** Messages beyond so many are forgotten, the longest unused first, unless they are still to be sent. */
const MOST_MESSAGES = 2_000;

/** A key as a string. */
export const nameOf = (key: readonly unknown[]): string => JSON.stringify(key);

/** Whether the key of a name begins with a prefix, or is one. */
export const begins = (name: string, prefix: readonly string[]): boolean => name === nameOf(prefix) || name.startsWith(`${nameOf(prefix).slice(0, -1)},`);

/** Rows as they are on the disk, as far as this page has read or written them. */
export class Journal {
  /** Rows by table, and there by their keys; what was used last stands last. */
  readonly tables = new Map<TableName, Map<string, object>>();
  readonly #shapes = new Map<string, TableShape>();

  constructor(migrations: readonly Migration[], notes: readonly Note[]) {
    for (const [table, shape] of migrations.flatMap(step => Object.entries(step) as [TableName, TableShape][])) {
      this.#shapes.set(table, shape);
      this.tables.set(table, new Map());
    }
    for (const note of notes) this.take(note);
  }

  /** Takes note of what is so now on the disk. */
  take([table, row, prefix = []]: Note): void {
    const rows = this.tables.get(table);
    if (row) {
      const name = nameOf(this.keyOf(table, row));
      rows?.delete(name);
      rows?.set(name, row);
    } else if (!rows?.delete(nameOf(prefix))) {
      for (const name of rows?.keys() ?? []) if (begins(name, prefix)) rows?.delete(name);
    }
  }

  keyOf(table: TableName, row: object): readonly string[] {
    return this.#shapes.get(table)?.key.map(path => String(row[path as keyof typeof row])) ?? [];
  }

  /** The fewest notes that say the same, but for old messages. */
  notes(): Note[] {
    const messages = this.tables.get('messages');
    let spare = (messages?.size ?? 0) - MOST_MESSAGES;
    for (const name of messages?.keys() ?? []) {
      if (spare <= 0) break;
      if (!this.tables.get('outbox')?.has(name) && messages?.delete(name)) spare -= 1;
    }
    return [...this.tables].flatMap(([table, rows]) => [...rows.values()].map((row): Note => [table, row]));
  }
}

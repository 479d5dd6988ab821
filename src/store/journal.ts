/** What this page knows of its database: what it goes on with when that is lost. */
import type { Migration, TableName, TableShape } from './schema.js';

/** A row that was read or written; without `row` all are gone whose key begins with `prefix`. */
export interface Note {
  readonly table: TableName;
  readonly row?: object;
  readonly prefix?: readonly string[];
}

/** Messages beyond so many are forgotten, the longest unused first, unless they are still to be sent. */
const MOST_MESSAGES = 3_000;

/** A key as a string. */
export const nameOf = (key: readonly unknown[]): string => JSON.stringify(key);

/** Whether the key of a name begins with a prefix, or is one. */
export const begins = (name: string, prefix: readonly string[]): boolean => name === nameOf(prefix) || name.startsWith(`${nameOf(prefix).slice(0, -1)},`);

/** The rows that transactions read and wrote. */
export class Journal {
  /** Rows by table, and there by their keys. */
  readonly tables = new Map<TableName, Map<string, object>>();
  /** Hears of each row of a transaction that went through. */
  heard: ((note: Note) => void) | undefined;
  readonly #shapes = new Map<string, TableShape>();

  constructor(migrations: readonly Migration[]) {
    for (const [table, shape] of migrations.flatMap(step => Object.entries(step) as [TableName, TableShape][])) {
      this.#shapes.set(table, shape);
      this.tables.set(table, new Map());
    }
  }

  /** Takes note of what is so now on the disk. */
  take(note: Note): void {
    const { table, row, prefix = [] } = note;
    const rows = this.tables.get(table);
    if (!rows) return;
    if (row) {
      const name = nameOf(this.keyOf(table, row));
      // What was used last stands last.
      rows.delete(name);
      // Everything else is never changed once it is made.
      rows.set(name, table === 'keyvalue' ? structuredClone(row) : row);
      if (table === 'messages') this.#forget(rows);
    } else if (!rows.delete(nameOf(prefix))) {
      for (const name of rows.keys()) if (begins(name, prefix)) rows.delete(name);
    }
    this.heard?.(note);
  }

  keyOf(table: TableName, row: object): readonly string[] {
    return this.#shapes.get(table)?.key.map(path => String(row[path as keyof typeof row])) ?? [];
  }

  #forget(messages: Map<string, object>): void {
    for (const [name, row] of messages) {
      if (messages.size <= MOST_MESSAGES) return;
      messages.delete(name);
      if (this.tables.get('outbox')?.has(name)) messages.set(name, row);
    }
  }
}

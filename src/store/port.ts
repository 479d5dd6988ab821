/** What the store asks of a database, so that the same logic runs over IndexedDB and over memory. */
import type { Row, TableName, Tables } from './schema.js';

/** A stretch of keys: all that begin with `prefix` and go on after `after` and before `before`, both exclusive. */
export interface Span {
  /** An index of the table; the table's own key without it. */
  readonly index?: string;
  readonly prefix: readonly string[];
  readonly after?: string;
  readonly before?: string;
  /** At most so many from the beginning. */
  readonly first?: number;
  /** At most so many from the end. */
  readonly last?: number;
}

/** A transaction that is under way. Between its acts nothing else may be awaited. A read sees what was put before it. */
export interface Transaction {
  get<N extends TableName>(table: N, key: readonly string[]): Promise<Tables[N] | undefined>;
  /** In the order of the keys. */
  all<N extends TableName>(table: N, span: Span): Promise<readonly Tables[N][]>;
  count(table: TableName, span: Span): Promise<number>;
  /** At most `most` rows that bear an identity key. */
  bearing(key: string, most: number): Promise<readonly Row[]>;
  /** Need not be awaited: what fails makes the transaction fail. */
  put<N extends TableName>(table: N, value: Tables[N]): void;
  /** Removes all whose key begins with `prefix`. */
  delete(table: TableName, prefix: readonly string[]): void;
}

/** What is done in a transaction. It may be done again in another one, when the first was lost. */
export type Work<T> = (tx: Transaction) => T | Promise<T>;

/** All or nothing: what rejects leaves no trace, and rejects with ChatError storage/…. */
export interface Database {
  read<T>(tables: readonly TableName[], run: Work<T>): Promise<T>;
  /** `strict`: on the disk before it settles. */
  change<T>(tables: readonly TableName[], run: Work<T>, durability?: 'strict' | 'relaxed'): Promise<T>;
  /** Lets what is under way finish, if that does not take long. */
  close(): Promise<void>;
}

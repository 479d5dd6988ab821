/** What lies in the database: its tables, their keys, and the steps by which it came to be. */
import type { ConversationRecord } from '../entities/conversation.js';
import type { Copy } from '../entities/copy.js';
import type { ArchiveId, DeliveryError, DeliveryState } from '../entities/message.js';
import type { OutboxEntry } from './contract.js';

/** A copy as it is kept. */
export interface StoredCopy extends Copy {
  /** The local id that this copy asked for, or got as it has no other: the row that holds it bears it. */
  readonly id?: string;
}

/** A message: its copies, and what no copy says. */
export interface Row {
  readonly account: string;
  readonly conversation: string;
  readonly id: string;
  readonly position: string;
  /** The position again while the message can be unread; missing on own ones, and on those that were read and moved on later. */
  readonly theirs?: string;
  /** What other copies of it can be found by. */
  readonly keys: readonly string[];
  /** In normal form, see identity. */
  readonly copies: readonly StoredCopy[];
  /** The id in whose place the archive put the row; missing while the place is a guess. */
  readonly placed?: string;
  readonly state?: DeliveryState;
  readonly error?: DeliveryError;
}

/** An id of an archive and its place; one that carries nothing to show has a place all the same. */
export interface RangeEnd {
  readonly id: string;
  readonly at: string;
}

/** A stretch of an archive that is held without a hole, both ends included. */
export interface PlacedRange {
  readonly start: RangeEnd;
  readonly end: RangeEnd;
  /** Whether nothing older exists. */
  readonly fromStart: boolean;
}

/** What of an archive's conversation is held. */
export interface Coverage {
  readonly account: string;
  readonly conversation: string;
  readonly archive: string;
  /** Oldest first, never overlapping. */
  readonly ranges: readonly PlacedRange[];
}

/** A conversation with the number of its unread messages, which changes in the transactions that change them. */
export interface StoredRecord extends ConversationRecord {
  readonly count: number;
}

export interface Tables {
  readonly messages: Row;
  readonly conversations: StoredRecord;
  readonly coverage: Coverage;
  readonly outbox: OutboxEntry;
  readonly keyvalue: { readonly account: string; readonly key: string; readonly value: unknown };
}
export type TableName = keyof Tables;

/** A table by the paths of its keys; every key begins with the account. */
export interface TableShape {
  readonly key: readonly string[];
  readonly indexes?: Readonly<Record<string, readonly string[]>>;
  /** Indexes over each entry of a list. */
  readonly lists?: Readonly<Record<string, string>>;
}

/** The tables and indexes that a version added. */
export type Migration = Readonly<Partial<Record<TableName, TableShape>>>;

/** Only ever appended to: a database of version n has been through the first n. */
export const migrations: readonly Migration[] = [
  {
    messages: {
      key: ['account', 'id'],
      indexes: { order: ['account', 'conversation', 'position'], theirs: ['account', 'conversation', 'theirs'] },
      lists: { keys: 'keys' },
    },
    conversations: { key: ['account', 'id'] },
    coverage: { key: ['account', 'conversation', 'archive'] },
    outbox: { key: ['account', 'id'] },
    keyvalue: { key: ['account', 'key'] },
  },
];

/** The key of copies that an archive gave one id. */
export const archiveKey = (account: string, conversation: string, { by, id }: ArchiveId): string => JSON.stringify([account, conversation, 'archive', by, id]);

/** The key of copies to which their sender gave one id, be it the stanza's or the origin-id. */
export const senderKey = (account: string, conversation: string, sender: string, id: string): string => JSON.stringify([account, conversation, 'sender', sender, id]);

/** All keys of a copy. Copies that share none are never the same message; those that share one may be. */
export const keysOf = (account: string, conversation: string, { sender, messageId, originId, archiveId }: Copy): readonly string[] => [
  ...(archiveId ? [archiveKey(account, conversation, archiveId)] : []),
  ...(originId ? [senderKey(account, conversation, sender, originId)] : []),
  ...(messageId && messageId !== originId ? [senderKey(account, conversation, sender, messageId)] : []),
];

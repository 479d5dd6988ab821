/** The store as the floors above see it: what it takes, what it gives back, and what a change in it looks like. */
import type { ConversationRecord, Unread } from '../entities/conversation.js';
import type { Copy, IncomingCopy } from '../entities/copy.js';
import type { DeliveryError, DeliveryState, Message } from '../entities/message.js';
import type { Disposable } from '../base/disposer.js';
import type { ChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { SessionStorage } from '../xmpp/session-storage.js';
import type { ReadonlySignal } from '../base/signal.js';

/** A conversation with what is derived from its messages. */
export type StoredConversation = ConversationRecord & { readonly unread: Unread };

/** A message that is not as it was: `after` is missing when it is gone. */
export interface MessageChange {
  readonly id: string;
  readonly conversation: string;
  readonly after?: Message;
  /** Set for a message that was not known before, in any copy. */
  readonly new?: boolean;
}

/** What a write changed; announced only after its transaction is through. */
export interface Changes {
  readonly messages: readonly MessageChange[];
  readonly conversations: readonly StoredConversation[];
}

/** Writes of a plugin that go into the transaction of a message. Must not await anything but the transaction. */
export interface CommitTransaction {
  get<T>(account: string, key: string): Promise<T | undefined>;
  set(account: string, key: string, value: unknown): Promise<void>;
  delete(account: string, key: string): Promise<void>;
}
export type CommitWith = (tx: CommitTransaction) => void | Promise<void>;

/** A message that was written here and has not been settled. */
export interface OutboxEntry {
  readonly id: string;
  readonly account: string;
  readonly conversation: string;
  /** Id of the conversation's kind. */
  readonly kind: string;
  readonly messageId: string;
  readonly draft: {
    readonly secret: Readonly<Record<string, unknown>>;
    readonly open: Readonly<Record<string, unknown>>;
    readonly sealedBy: string | null;
  };
  /** The finished stanza as XML text, once a write has begun: a retry sends the same bytes. */
  readonly sealed?: string;
  /** Whether a write to a socket was ever begun. */
  readonly attempted: boolean;
  /** It failed and waits for a person. */
  readonly parked?: boolean;
  /** Order of writing within the account. */
  readonly order: number;
}

export type MessagePatch = Partial<Pick<Message, 'state' | 'error'>>;

/** Finds one message and changes it; `change` sees it as it is in the transaction and may decline by undefined. */
export interface MessageUpdateRequest {
  readonly find: { readonly id: string } | { readonly conversation: string; readonly messageId: string };
  change(message: Message): MessagePatch | undefined;
}

export interface Settlement {
  readonly id: string;
  readonly state: DeliveryState;
  /** Whether the outbox entry stays for a retry. */
  readonly keep: boolean;
  readonly error?: DeliveryError;
}

export interface PageRequest {
  /** Positions, exclusive; neither: the newest messages. */
  readonly before?: string;
  readonly after?: string;
  readonly limit: number;
}

/** A page of an archive (XEP-0313): its copies, oldest first, each with an archive id of `archive`. */
export interface ArchivePage {
  readonly archive: string;
  readonly conversation: string;
  /** Ids of all results of the page in order, those included that carry nothing to show. */
  readonly ids: readonly string[];
  /** What was asked: the id that the page follows or precedes; neither: the newest page. */
  readonly after?: string;
  readonly before?: string;
  /** The archive's word that nothing lies beyond the page in the direction of asking. */
  readonly complete: boolean;
}

/** A stretch of an archive that is held without a hole, by the archive's ids, both ends included. */
export interface CoverageRange {
  readonly startId: string;
  readonly endId: string;
  /** Whether nothing older than the range exists. */
  readonly fromStart: boolean;
}

export interface KeyValue {
  get<T>(account: string, key: string): Promise<T | undefined>;
  /** `value` is structured-cloneable. */
  set(account: string, key: string, value: unknown): Promise<void>;
  /** What is stored; where nothing is, `value` from now on, whoever else asks at the same time. */
  getOrSet<T>(account: string, key: string, value: T): Promise<T>;
  delete(account: string, key: string): Promise<void>;
}

export interface Outbox {
  /** All entries of an account by their order. */
  entries(account: string): Promise<readonly OutboxEntry[]>;
  /** Stores the entry and its echo in one strict transaction; with `draft` also what is left of the conversation's draft, so that a text is either a draft or a message. */
  add(account: string, entry: OutboxEntry, echo: IncomingCopy, draft?: string): Promise<Changes>;
  /** Stores an entry as it was before its write began, as nothing of it was written, and queues its message. An entry that is gone stays gone. Fenced. */
  release(account: string, entry: OutboxEntry): Promise<Changes>;
  /** Queues an entry again because a person wants it: the same bytes, if it was sealed. Without changes if there is no such entry. */
  again(account: string, id: string): Promise<Changes>;
  /** Writes the fate of messages and drops their entries unless `keep`. A state never falls behind a later one (sent never after delivered). Fenced. */
  settle(account: string, settlements: readonly Settlement[]): Promise<Changes>;
  remove(account: string, id: string): Promise<void>;
}

/**
 * Everything that is kept; every key carries the account. Where the disk fails, what is written from then on is kept in memory, until the page is
 * loaded again. All acts reject with ChatError storage/`closed`, `failed`, or `in-doubt` (nobody knows whether it is on the disk).
 */
export interface Store {
  /** False: what is written now is kept in memory only. Never becomes true again. */
  readonly persistent: ReadonlySignal<boolean>;
  /**
   * Why it is not on the disk: ChatError storage/`full` (the disk or the quota), `newer-version` (a newer page has changed the database), `blocked` (an
   * older page keeps it), `hung` or `in-doubt` (it does not answer), or anything else. Undefined: it is on the disk, or was not to be.
   */
  readonly trouble: ReadonlySignal<ChatError | undefined>;
  /** Hears that somebody removed the database, and that an empty one is in its place: what this page alone knows has to be written again. */
  onEmptied(run: () => void): Disposable;
  readonly keyvalue: KeyValue;
  readonly outbox: Outbox;
  conversations(account: string): Promise<readonly StoredConversation[]>;
  conversation(account: string, id: string): Promise<StoredConversation | undefined>;
  ensureConversation(account: string, id: string, kind: string): Promise<Changes>;
  updateConversation(account: string, id: string, change: (record: ConversationRecord) => Partial<Pick<ConversationRecord, 'protection' | 'readPosition' | 'draft'>>): Promise<Changes>;
  /** Messages in order of position. */
  page(account: string, conversation: string, request: PageRequest): Promise<readonly Message[]>;
  message(account: string, id: string): Promise<Message | undefined>;
  /** What is stored now of messages and conversations that another tab has changed. */
  reread(account: string, messages: readonly Omit<MessageChange, 'after'>[], conversations: readonly string[]): Promise<Changes>;
  /** Takes in copies in one transaction, together with what plugins write. Fenced. A page of an archive also places its rows and extends the coverage. */
  ingest(account: string, copies: readonly IncomingCopy[], also?: { readonly commitWith?: readonly CommitWith[]; readonly page?: ArchivePage }): Promise<Changes>;
  /** The stretches of an archive's conversation that are held, oldest first; undefined: nothing known. */
  coverage(account: string, archive: string, conversation: string): Promise<readonly CoverageRange[] | undefined>;
  /** The message that a copy is another sighting of, if it is known. */
  sighted(account: string, conversation: string, copy: Copy): Promise<Message | undefined>;
  /** Fenced, as the next. */
  updateMessage(account: string, id: string, change: (message: Message) => MessagePatch | undefined): Promise<Changes>;
  updateMessages(account: string, updates: readonly MessageUpdateRequest[]): Promise<Changes>;
  deleteMessage(account: string, id: string): Promise<Changes>;
  /** Removes everything of an account. */
  deleteAccount(account: string): Promise<void>;
  /**
   * Takes the session of an account over for this tab. From here on what is marked as fenced rejects with ChatError storage/fenced, and changes nothing, in
   * the store of whoever held it before; so does the storage that was given there. `alone`: tabs cannot share a session here, so nobody is fenced out,
   * and nothing is left of a stream when its page goes.
   */
  hold(account: string, how?: { readonly alone?: boolean }): Promise<{ readonly epoch: number; readonly storage: SessionStorage }>;
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Name of the database. */
  readonly name: string;
  readonly log: Log;
  /** Keeps everything in memory. */
  readonly memory?: boolean;
}

/** Stores and copies for the tests of the store, in the words of a conversation between an account and Bo. */
import { createLog, type LogEntry } from '../../src/base/log.js';
import { randomId } from '../../src/base/id.js';
import type { Copy, IncomingCopy } from '../../src/entities/copy.js';
import { SELF, type Message } from '../../src/entities/message.js';
import type { ArchivePage, Changes, OutboxEntry, Store } from '../../src/store/contract.js';
import { openStore } from '../../src/store/store.js';

export const ANA = 'ana@example.org';
export const BO = 'bo@example.org';

export type Kind = 'memory' | 'IndexedDB';
export const KINDS: readonly Kind[] = ['memory', 'IndexedDB'];

const opened: { readonly store: Store; readonly name: string }[] = [];

/** A log that keeps what was said. */
export const quietLog = () => {
  const entries: LogEntry[] = [];
  return { entries, log: createLog('store', entry => void entries.push(entry)) };
};

/** A store of its own database, or another connection to one with a name. */
export const newStore = async (kind: Kind, name = `test-${randomId()}`): Promise<Store> => {
  const store = await openStore({ name, log: quietLog().log, memory: kind === 'memory' });
  opened.push({ store, name });
  return store;
};

/** As the browser does when the data of the site is cleared. */
export const removeDatabase = (name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error ?? new Error('not deleted'));
  });

/** Closes and removes what `newStore` opened. */
export const removeStores = async (): Promise<void> => {
  const all = opened.splice(0);
  await Promise.all(all.map(({ store }) => store.close()));
  await Promise.all([...new Set(all.map(({ name }) => name))].map(removeDatabase));
};

let counter = 0;

/** A copy from Bo that says `body`; everything else can be said by `more`. */
export const copy = (body: string | null, more: Partial<Copy> = {}): Copy => ({ sender: BO, messageId: `m${++counter}`, body, time: 1000 + counter, timeSource: 'clock', ...more });

/** A copy on its way into the conversation with Bo. */
export const incoming = (its: Copy, more: Partial<IncomingCopy> = {}): IncomingCopy => ({ conversation: BO, kind: 'direct', copy: its, ...more });

export const live = (body: string, more: Partial<Copy> = {}): IncomingCopy => incoming(copy(body, more));

export const archived = (id: string, body = id, more: Partial<Copy> = {}): IncomingCopy =>
  incoming(copy(body, { messageId: `id-of-${id}`, archiveId: { by: ANA, id }, timeSource: 'archive', ...more }));

/** A page of Ana's archive that holds the given ids, each with a message that says its id. */
export const pageOf = (ids: readonly string[], more: Partial<ArchivePage> = {}): ArchivePage => ({ archive: ANA, conversation: BO, ids, complete: false, ...more });

export const takePage = (store: Store, ids: readonly string[], more: Partial<ArchivePage> = {}): Promise<Changes> =>
  store.ingest(ANA, ids.map(id => archived(id)), { page: pageOf(ids, more) });

export const entry = (id: string, more: Partial<OutboxEntry> = {}): OutboxEntry => ({
  id,
  account: ANA,
  conversation: BO,
  kind: 'direct',
  messageId: `sent-${id}`,
  draft: { secret: { body: id }, open: {}, sealedBy: null },
  attempted: false,
  order: ++counter,
  ...more,
});

/** The echo of an entry, as the model writes it. */
export const echo = (id: string, body = id): IncomingCopy =>
  incoming(copy(body, { sender: SELF, messageId: `sent-${id}`, originId: `sent-${id}` }), { state: 'queued', id });

export const write = (store: Store, id: string, more: Partial<OutboxEntry> = {}): Promise<Changes> => store.outbox.add(ANA, entry(id, more), echo(id));

export const all = (store: Store, conversation = BO): Promise<readonly Message[]> => store.page(ANA, conversation, { limit: 10_000 });

/** What the conversation says, in order. */
export const bodies = async (store: Store, conversation = BO): Promise<readonly (string | null)[]> => (await all(store, conversation)).map(({ body }) => body);

export const record = async (store: Store, conversation = BO) => {
  const its = await store.conversation(ANA, conversation);
  if (!its) throw new Error(`There is no conversation ${conversation}`);
  return its;
};

/** Reads up to the newest message. */
export const markRead = async (store: Store): Promise<void> => {
  const position = (await store.conversation(ANA, BO))?.preview?.position;
  if (position !== undefined) await store.updateConversation(ANA, BO, () => ({ readPosition: position }));
};

/** A write of an entry begins, as a stream would have it noted. False: it must not be written. */
export const attempt = async (store: Store, id: string, xml: string): Promise<boolean> => {
  const { storage } = await store.hold(ANA, { alone: true });
  return !(await storage.save(() => undefined, [{ id, xml }])).has(id);
};

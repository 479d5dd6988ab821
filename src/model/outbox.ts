/** What was written and has not reached the server: sent when it can be, in order, each exactly once or said to be unconfirmed. */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import { ChatError, toChatError } from '../base/errors.js';
import { randomId } from '../base/id.js';
import type { Log } from '../base/log.js';
import { runPipeline } from '../base/pipeline.js';
import { Lanes } from '../base/lanes.js';
import { SELF, type DeliveryError, type DeliveryState, type Message } from '../entities/message.js';
import type { Changes, OutboxEntry, Store } from '../store/store.js';
import type { Fate, Session } from '../xmpp/session.js';
import { serialize, type XmlElement } from '../xmpp/xml.js';
import { storeDraft, type OutboundDraft } from './outbound-draft.js';
import { seal, type SealParts } from './outbound-seal.js';
import type { ConversationKind } from './kind.js';
import { outbound, type OutboundPhase } from './slots.js';

/** What could not be stored as handed over is tried again after this time. */
const RETRY_MS = 5_000;
/**
 * How many messages are handed over before their fates are known, and how much of them in UTF-16 code units, so that over BOSH they all go into one request,
 * and no more is left unconfirmed when a server forgets a stream.
 */
const MOST_MESSAGES = 16;
const MOST_TEXT = 10_000;
const BEFORE_STORING: readonly OutboundPhase[] = ['compose', 'stamp'];

export interface Outbox {
  /** Stores a text and its echo, and what is left of the draft if that is said, in one transaction, then sends it as soon as it can. */
  send(conversation: string, kind: ConversationKind, body: string, draft?: string): Promise<void>;
  /** Queues again what failed or is unconfirmed, under its own id. */
  retry(id: string): Promise<void>;
  /** Removes a message that did not get out. */
  discard(id: string): Promise<void>;
  /** The outbox in the store may have changed: another tab wrote a message. */
  noticed(): void;
  /**
   * Sends through a session while it is online, also what other pages left: what was never handed to a stream is sent, the fate of the rest is told
   * by the session, or is unknown for good. The returned function lets go of it. For the tab that holds the session alone.
   */
  attach(session: Session): Disposable;
}

export interface OutboxOptions extends SealParts {
  readonly account: string;
  readonly store: Store;
  readonly environment: Environment;
  readonly log: Log;
  /** The seal that a conversation asks for, or null. */
  protection(conversation: string): Promise<string | null>;
  announce(changes: Changes): void;
}

const unconfirm = ({ state }: Message): { state: DeliveryState } | undefined => (state === 'queued' || state === 'sending' ? { state: 'unconfirmed' } : undefined);

/** Whether a session takes messages now: of a stream that may be gone, and that nothing goes on with, nobody would ever know what became of them. */
const takes = (session: Session | undefined): boolean => session !== undefined && session.online.peek() && (session.lasting || session.status.peek().name !== 'verifying');

/** The outbox of one account; it sends nothing before `attach`. */
export const createOutbox = (options: OutboxOptions): Outbox => {
  const { account, store, registry, environment, log, announce } = options;
  const lanes = new Lanes();
  /** Entries that may be handed to a stream now; the others wait for a person or for their fate. */
  const ready = new Map<string, OutboxEntry>();
  /** Those that this page handed to a stream, as they were before. */
  const underWay = new Map<string, OutboxEntry>();
  /** Those of them whose fate was not told yet. */
  const unanswered = new Set<string>();
  /** Those that come back, as nothing of them was written. */
  const returning = new Map<string, OutboxEntry>();
  /** Those that this page has stored since the outbox was last read. */
  const fresh = new Map<string, OutboxEntry>();
  /** How often the database was removed. */
  let removals = 0;
  let session: Session | undefined;
  /** Grows with the clock, so that it grows over all tabs. */
  let order = 0;
  let toBeRead = false;
  let again: Disposable = () => undefined;

  /** Where many are acknowledged at once, a transaction for each would cost more than all else; so those of one turn share one. */
  let settlements: Parameters<Store['outbox']['settle']>[1][number][] = [];
  let settled: Promise<void> | undefined;
  const settle = (id: string, state: DeliveryState, keep: boolean, error?: DeliveryError): Promise<void> => {
    settlements.push({ id, state, keep, ...(error ? { error } : {}) });
    settled ??= Promise.resolve().then(async () => {
      const all = settlements;
      settlements = [];
      settled = undefined;
      const now = (): Promise<Changes> => store.outbox.settle(account, all);
      // Once more changes nothing where it was stored; a disk that does not answer is left by then.
      announce(await now().catch(now));
    });
    return settled;
  };

  /** undefined: it has to wait, or has failed and is not ready any more. */
  const prepare = async (entry: OutboxEntry, asked: string | null): Promise<XmlElement | undefined> => {
    try {
      return await seal(entry, asked, options);
    } catch (error) {
      const { code, retry } = toChatError(error);
      if (retry !== 'later') {
        ready.delete(entry.id);
        await settle(entry.id, 'failed', true, { code });
      }
      return undefined;
    }
  };

  const write = async (its: Session, entry: OutboxEntry, stanza: XmlElement): Promise<void> => {
    const { id } = entry;
    const before = removals;
    ready.delete(id);
    underWay.set(id, entry);
    unanswered.add(id);
    try {
      // The entry is marked in the transaction in which the stream takes the stanza over: from then on the stream tells its fate, in whatever page.
      await its.send(stanza, id);
    } catch (thrown) {
      // A person took it back, or the session is another's by now.
      if (underWay.get(id) !== entry) return noticed();
      underWay.delete(id);
      unanswered.delete(id);
      // The database in which it was to be marked is gone, and it with it.
      if (removals !== before) return keepAgain(entry);
      const { domain, code } = toChatError(thrown);
      // Another page was first, or another tab took it back; or an earlier claim was stored that was said not to be.
      if (code === 'claimed') return noticed();
      // It is as if it had never been tried: it is sealed anew, as another seal may be asked for by then.
      ready.set(id, entry);
      if (domain === 'storage') later(RETRY_MS);
    }
  };

  /** Writes what is ready of a conversation, the oldest first, up to one that has to wait or is still coming back. */
  const drain = async (conversation: string): Promise<void> => {
    const batch: (readonly [OutboxEntry, XmlElement])[] = [];
    let length = 0;
    const waiting = [...new Map([...ready, ...fresh, ...returning]).values()].filter(each => each.conversation === conversation).sort((a, b) => a.order - b.order);
    // Once for all of them, as to ask for each would cost more than all else; and after they are known, so that none is newer than what is asked for.
    const asked = await options.protection(conversation);
    for (const entry of waiting) {
      if (!takes(session) || fresh.has(entry.id) || returning.has(entry.id) || batch.length + unanswered.size >= MOST_MESSAGES) break;
      const stanza = await prepare(entry, asked);
      if (!stanza && ready.has(entry.id)) break;
      if (!stanza) continue;
      length += serialize(stanza).length;
      if (batch.length > 0 && length > MOST_TEXT) break;
      batch.push([entry, stanza]);
    }
    const its = session;
    // Some may have been taken back meanwhile.
    const going = batch.filter(([{ id }]) => ready.has(id));
    if (!its || !takes(its) || going.length === 0) return undefined;
    // In one turn: they are stored, or not, together.
    await Promise.all(going.map(([entry, stanza]) => write(its, entry, stanza)));
    // They may have come back by now.
    const sending = going.filter(([entry]) => underWay.get(entry.id) === entry && !returning.has(entry.id));
    const change = ({ state }: Message): { state: DeliveryState } | undefined => (state === 'queued' ? { state: 'sending' } : undefined);
    if (sending.length > 0) announce(await store.updateMessages(account, sending.map(([{ id }]) => ({ find: { id }, change }))));
    return going.some(([{ id }]) => ready.has(id)) ? undefined : drain(conversation);
  };
  const pump = (): void => {
    for (const conversation of new Set([...ready.values()].map(entry => entry.conversation))) {
      lanes.run(conversation, () => drain(conversation)).catch((error: unknown) => log.report(error));
    }
  };
  const later = (ms: number): void => {
    void again();
    again = environment.timer(ms, pump);
  };

  /** What is in the store is made known here: what waits, and what nobody will tell the fate of. */
  const read = async (): Promise<void> => {
    toBeRead = false;
    const before = [...ready.keys()];
    const stored = [...fresh.keys()];
    const left = await store.outbox.entries(account);
    for (const id of stored) fresh.delete(id);
    const its = session;
    if (!its) return;
    order = left.reduce((most, entry) => Math.max(most, entry.order), order);
    const waiting = new Map(left.filter(({ id, attempted, parked }) => !attempted && !parked && !underWay.has(id)).map(entry => [entry.id, entry]));
    for (const id of before) if (!waiting.has(id)) ready.delete(id);
    for (const [id, entry] of waiting) ready.set(id, entry);
    pump();
    // Before that it is not known what goes on.
    if (!its.online.peek()) return;
    const unknown = left.filter(({ id, attempted }) => attempted && !underWay.has(id) && !its.expects(id)).map(({ id }) => ({ find: { id }, change: unconfirm }));
    if (unknown.length > 0) announce(await store.updateMessages(account, unknown));
  };
  const noticed = (): void => {
    if (toBeRead || !session) return;
    toBeRead = true;
    lanes.run('', read).catch((error: unknown) => log.report(error));
  };

  const hear = async (id: string, fate: Fate): Promise<void> => {
    const entry = underWay.get(id);
    unanswered.delete(id);
    const back = fate === 'unsent' && entry;
    if (back) returning.set(id, back);
    try {
      if (back) announce(await store.outbox.release(account, back));
      else if (fate === 'acknowledged') await settle(id, 'sent', false);
      // Without the entry as it was nobody knows whether an earlier attempt was written.
      else await settle(id, 'unconfirmed', true);
    } finally {
      // What could not be settled is marked as attempted, and never written again by itself; it holds up nothing else.
      if (back) returning.delete(id);
      underWay.delete(id);
      // What another tab stored before it goes before it, so the store is asked.
      if (back) noticed();
      else pump();
    }
  };

  /** With its echo. */
  const keep = async (entry: OutboxEntry, body: string | null, time: number, left?: string): Promise<void> => {
    const { id, conversation, kind, messageId } = entry;
    const copy = { sender: SELF, messageId, originId: messageId, body, time, timeSource: 'clock' as const };
    announce(await store.outbox.add(account, entry, { conversation, kind, copy, state: 'queued', id }, left));
    if (session) fresh.set(id, entry);
    returning.delete(id);
    noticed();
  };
  /** In a database that has lost it. */
  const keepAgain = (entry: OutboxEntry): void => {
    const { body } = entry.draft.secret;
    returning.set(entry.id, entry);
    keep(entry, typeof body === 'string' ? body : null, environment.now()).catch((error: unknown) => {
      returning.delete(entry.id);
      log.report(error);
    });
  };

  const add = async (kind: ConversationKind, conversation: string, messageId: string, body: string, id: string, time: number, left?: string): Promise<void> => {
    const draft: OutboundDraft = { conversation, kind, messageId, secret: { body }, open: [], sealedBy: null };
    const halt = await runPipeline(BEFORE_STORING, registry.all(outbound).peek(), draft);
    if (halt?.kind === 'error') throw toChatError(halt.error, 'message', 'refused', 'user');
    order = Math.max(order + 1, environment.now());
    const entry: OutboxEntry = { id, account, conversation, kind: kind.id, messageId, draft: storeDraft(draft), attempted: false, order };
    await keep(entry, body, time, left);
  };

  return {
    send: (conversation, kind, body, draft) => add(kind, conversation, randomId(), body, randomId(), environment.now(), draft),
    retry: async id => {
      const message = await store.message(account, id);
      if (!message?.mine || (message.state !== 'failed' && message.state !== 'unconfirmed')) return;
      const queued = await store.outbox.again(account, id);
      if (queued.messages.length > 0) {
        announce(queued);
        noticed();
        return;
      }
      // The server had taken it before it was refused, so its entry is gone: it is written anew under the same id.
      const kind = options.kind((await store.conversation(account, message.conversation))?.kind ?? '');
      if (!kind || message.body === null) throw new ChatError('message', 'not-kept', 'no');
      await add(kind, message.conversation, message.messageId, message.body, id, message.time);
    },
    discard: async id => {
      for (const entries of [ready, underWay, unanswered, fresh]) entries.delete(id);
      await store.outbox.remove(account, id);
      announce(await store.deleteMessage(account, id));
    },
    attach: attached => {
      session = attached;
      const offs = [attached.onFate(hear), attached.on('online', noticed), attached.status.subscribe(pump)];
      offs.push(
        store.onEmptied(() => {
          // Somebody removed the database: what was still to be sent is stored again. What is being handed over may be marked already; its end tells.
          removals += 1;
          for (const entry of [...new Map([...ready, ...fresh]).values()].sort((a, b) => a.order - b.order)) keepAgain(entry);
        }),
      );
      noticed();
      return () => {
        for (const off of offs) void off();
        if (session !== attached) return;
        session = undefined;
        ready.clear();
        fresh.clear();
        underWay.clear();
        unanswered.clear();
        void again();
      };
    },
    noticed,
  };
};

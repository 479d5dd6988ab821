/** What was written and has not reached the server: sent when it can be, in order, each exactly once or said to be unconfirmed. */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import { ChatError, toChatError } from '../base/errors.js';
import { randomId } from '../base/id.js';
import type { Log } from '../base/log.js';
import { runPipeline } from '../base/pipeline.js';
import { Lanes } from '../base/lanes.js';
import type { Registry } from '../base/slot.js';
import { SELF, type DeliveryError, type DeliveryState, type Message } from '../entities/message.js';
import type { Changes, OutboxEntry, Store } from '../store/store.js';
import type { Session } from '../xmpp/session.js';
import { parseXml, serialize, type XmlElement } from '../xmpp/xml.js';
import { restoreDraft, storeDraft, type OutboundDraft } from './outbound-draft.js';
import { buildMessage } from './outbound-stanza.js';
import type { ConversationKind } from './kind.js';
import { outbound, type OutboundPhase } from './slots.js';

const BEFORE_STORING: readonly OutboundPhase[] = ['compose', 'stamp'];

export interface Outbox {
  /** Takes over what an earlier page left: what reached a socket there is unconfirmed, the rest is queued. */
  adopt(): Promise<void>;
  /** Stores a text and its echo in one transaction, then sends it as soon as it can. */
  send(conversation: string, kind: ConversationKind, body: string): Promise<void>;
  /** Queues again what failed or is unconfirmed, under its own id. */
  retry(id: string): Promise<void>;
  /** Removes a message that did not get out. */
  discard(id: string): Promise<void>;
  /** Sends through a session while it is online; the returned function lets go of it. */
  attach(session: Session): Disposable;
}

export interface OutboxOptions {
  readonly account: string;
  readonly store: Store;
  readonly registry: Registry;
  readonly environment: Environment;
  readonly log: Log;
  kind(id: string): ConversationKind | undefined;
  /** The seal that a conversation asks for, or null. */
  protection(conversation: string): Promise<string | null>;
  announce(changes: Changes): void;
}

const unconfirm = ({ state }: Message): { state: DeliveryState } | undefined => (state === 'queued' || state === 'sending' ? { state: 'unconfirmed' } : undefined);

/** The outbox of one account; it sends nothing before `attach`. */
export const createOutbox = (options: OutboxOptions): Outbox => {
  const { account, store, registry, environment, log, announce } = options;
  const lanes = new Lanes();
  /** Entries that may be written to a socket now; the others wait for a person or an acknowledgement. */
  const ready = new Map<string, OutboxEntry>();
  let session: Session | undefined;
  let order = 0;

  const settle = async (id: string, state: DeliveryState, keep: boolean, error?: DeliveryError): Promise<void> => {
    announce(await store.outbox.settle(account, [{ id, state, keep, ...(error ? { error } : {}) }]));
  };

  /** The stanza as it will be written: sealed before, or sealed now. Throws ChatError message/not-sealed rather than send in the clear. */
  const seal = async (entry: OutboxEntry): Promise<XmlElement> => {
    const before = entry.sealed === undefined ? undefined : parseXml(entry.sealed);
    if (before) return before;
    const kind = options.kind(entry.kind);
    if (!kind) throw new ChatError('message', 'kind-missing', 'later');
    const draft = restoreDraft(entry, kind);
    const halt = await runPipeline(['seal'], registry.all(outbound).peek(), draft);
    if (halt?.kind === 'error') throw toChatError(halt.error, 'message', 'seal-failed', 'user');
    const secret = Object.values(draft.secret).some(value => value !== undefined && value !== '');
    const protection = await options.protection(entry.conversation);
    if (secret && draft.sealedBy !== protection) throw new ChatError('message', 'not-sealed', 'user');
    return buildMessage(draft);
  };

  const write = async (id: string): Promise<void> => {
    const entry = ready.get(id);
    if (!entry || !session?.online.peek()) return;
    let stanza: XmlElement;
    try {
      stanza = await seal(entry);
    } catch (error) {
      const { code, retry } = toChatError(error);
      if (retry === 'later') return;
      ready.delete(id);
      await settle(id, 'failed', true, { code });
      return;
    }
    if (!ready.has(id) || !session?.online.peek()) return;
    // Stored before the wire sees it: a crash from here on means “unconfirmed”, never a second copy. Another page may have been first.
    const ours = await store.outbox.attempt(account, id, serialize(stanza));
    const wanted = ready.delete(id);
    if (!ours || !wanted) return;
    announce(await store.updateMessage(account, id, () => ({ state: 'sending' })));
    try {
      if (!session) throw new ChatError('network', 'not-connected', 'later');
      await session.send(stanza, id);
    } catch (thrown) {
      if (toChatError(thrown).code !== 'not-connected') return settle(id, 'unconfirmed', true);
      // Nothing was written, so it is as if it had never been tried: it is sealed anew, as another seal may be asked for by then.
      await store.outbox.release(account, entry);
      announce(await store.updateMessage(account, id, () => ({ state: 'queued' })));
      ready.set(id, entry);
    }
    return undefined;
  };

  const pump = (): void => {
    for (const { id, conversation } of [...ready.values()].sort((a, b) => a.order - b.order)) {
      lanes.run(conversation, () => write(id)).catch((error: unknown) => log.report(error));
    }
  };

  const enqueue = (entry: OutboxEntry): void => {
    ready.set(entry.id, entry);
    pump();
  };

  const add = async (kind: ConversationKind, conversation: string, messageId: string, body: string, id: string, time: number): Promise<void> => {
    const draft: OutboundDraft = { conversation, kind, messageId, secret: { body }, open: [], sealedBy: null };
    const halt = await runPipeline(BEFORE_STORING, registry.all(outbound).peek(), draft);
    if (halt?.kind === 'error') throw toChatError(halt.error, 'message', 'refused', 'user');
    const entry: OutboxEntry = { id, account, conversation, kind: kind.id, messageId, draft: storeDraft(draft), attempted: false, order: ++order };
    const echo = { sender: SELF, messageId, originId: messageId, body, time, timeSource: 'clock' as const };
    announce(await store.outbox.add(account, entry, { conversation, kind: kind.id, copy: echo, state: 'queued', id }));
    enqueue(entry);
  };

  /** Stores again what was still to be sent by a database that somebody removed. */
  const restore = async (entry: OutboxEntry): Promise<void> => {
    const { id, conversation, kind, messageId, draft } = entry;
    const { body } = draft.secret;
    const echo = { sender: SELF, messageId, originId: messageId, body: typeof body === 'string' ? body : null, time: environment.now(), timeSource: 'clock' as const };
    announce(await store.outbox.add(account, entry, { conversation, kind, copy: echo, state: 'queued', id }));
    enqueue(entry);
  };

  return {
    adopt: async () => {
      const left = await store.outbox.entries(account);
      for (const entry of left) {
        order = Math.max(order, entry.order);
        if (!entry.attempted) ready.set(entry.id, entry);
      }
      const doubtful = left.filter(({ attempted }) => attempted).map(({ id }) => ({ find: { id }, change: unconfirm }));
      if (doubtful.length > 0) announce(await store.updateMessages(account, doubtful));
      pump();
    },
    send: (conversation, kind, body) => add(kind, conversation, randomId(), body, randomId(), environment.now()),
    retry: async id => {
      const message = await store.message(account, id);
      if (!message?.mine || (message.state !== 'failed' && message.state !== 'unconfirmed')) return;
      const kept = (await store.outbox.entries(account)).find(entry => entry.id === id);
      if (kept) {
        await store.outbox.release(account, kept);
        announce(await store.updateMessage(account, id, () => ({ state: 'queued' })));
        enqueue(kept);
        return;
      }
      // The server had taken it before it was refused, so its entry is gone: it is written anew under the same id.
      const kind = options.kind((await store.conversation(account, message.conversation))?.kind ?? '');
      if (!kind || message.body === null) throw new ChatError('message', 'not-kept', 'no');
      await add(kind, message.conversation, message.messageId, message.body, id, message.time);
    },
    discard: async id => {
      ready.delete(id);
      await store.outbox.remove(account, id);
      announce(await store.deleteMessage(account, id));
    },
    attach: attached => {
      session = attached;
      const offs = [attached.onFate((id, fate) => (fate === 'acknowledged' ? settle(id, 'sent', false) : settle(id, 'unconfirmed', true))), attached.on('online', pump)];
      offs.push(
        store.onEmptied(() => {
          for (const entry of [...ready.values()].sort((a, b) => a.order - b.order)) restore(entry).catch((error: unknown) => log.report(error));
        }),
      );
      if (attached.online.peek()) pump();
      return () => {
        if (session === attached) session = undefined;
        for (const off of offs) void off();
      };
    },
  };
};

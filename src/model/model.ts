/** What the account has: its conversations and its people, told from what is stored. */
import { chunk } from '../base/chunk.js';
import { Disposer, type Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import { bareJid } from '../base/jid.js';
import type { Log } from '../base/log.js';
import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '../base/signal.js';
import type { Registry } from '../base/slot.js';
import type { Message } from '../entities/message.js';
import type { Contact, Presence } from '../entities/presence.js';
import type { Changes, Store } from '../store/store.js';
import type { Touched } from '../tabs/channel.js';
import type { SharedSession } from '../tabs/contract.js';
import type { Routed } from '../xmpp/router.js';
import { createBounces } from './bounces.js';
import { createConversation, type Conversation, type LiveConversation } from './conversation.js';
import type { ModelContext } from './context.js';
import { createDeferred } from './deferred.js';
import { createInbound } from './inbound.js';
import { createOutbox } from './outbox.js';
import { conversationKinds } from './slots.js';

export interface Model {
  /** By the newest message, the most recent first. */
  readonly conversations: ReadonlySignal<readonly Conversation[]>;
  /** Sum over all conversations that are shown of what is surely unread. */
  readonly unread: ReadonlySignal<number>;
  /** The roster; undefined until the server has sent it. */
  readonly contacts: ReadonlySignal<readonly Contact[] | undefined>;
  /** Presence by bare JID. */
  readonly presence: ReadonlySignal<ReadonlyMap<string, Presence>>;
  /** The conversation with an address, new or known. Undefined when the address is none. */
  conversation(address: string): Conversation | undefined;
}

/** Where the people come from while there is a session. */
export interface People {
  readonly contacts: ReadonlySignal<readonly Contact[] | undefined>;
  readonly presence: ReadonlySignal<ReadonlyMap<string, Presence>>;
}

/** A model with the handles that its composition needs. */
export interface LiveModel extends Model {
  /** Sends through a session while this tab holds it; the returned function lets go of it. */
  attach(session: SharedSession, people: People): Disposable;
  /** Takes note of what another tab has written. */
  touched(touched: Touched): void;
  /** Reads everything anew, as something may have been missed. */
  refresh(): Promise<void>;
  /** Hands what was deferred for an owner to the inbound pipeline again. */
  release(owner: string): Promise<void>;
  dispose(): Promise<void>;
}

export interface ModelOptions {
  readonly account: string;
  readonly store: Store;
  readonly registry: Registry;
  readonly environment: Environment;
  readonly log: Log;
  /** The own bare JID, undefined before the first login. */
  self(): string | undefined;
  trustsArchive(archive: string): boolean;
  /** The one conversation that is shown; undefined: all of them. */
  readonly only: string | undefined;
  /** Hears of messages that were written here or arrived while we listen, once they are stored. */
  heard(message: Message): void;
}

const NOBODY: People = { contacts: signal(undefined), presence: signal(new Map()) };

/** Reads what is stored of an account, and takes in and sends out from then on. */
export const createModel = async (options: ModelOptions): Promise<LiveModel> => {
  const { account, store, registry, environment, log, only } = options;
  const report = (error: unknown): void => log.report(error);
  const disposer = new Disposer(report);
  const byId = new Map<string, LiveConversation>();
  /** The same, told anew when something new is stored. */
  const known = signal<readonly LiveConversation[]>([]);
  const people = signal(NOBODY);
  const byAddress = computed(() => new Map(people.value.contacts.value?.map(contact => [contact.address, contact])));

  const announce = (changes: Changes): void =>
    batch(() => {
      for (const record of changes.conversations) make(record.id, record.kind)?.update(record);
      tell();
      const touched = new Set(changes.messages.map(({ conversation }) => conversation));
      for (const id of touched) byId.get(id)?.timeline.apply(changes.messages.filter(({ conversation }) => conversation === id));
    });

  const hear = (changes: Changes): void => {
    announce(changes);
    for (const { after, new: fresh } of changes.messages) if (fresh && after) options.heard(after);
  };

  const kind = (id: string) => registry.all(conversationKinds).peek().find(({ value }) => value.id === id)?.value;
  const outbox = createOutbox({
    account, store, registry, environment, log, kind, announce: hear,
    protection: async id => (await store.conversation(account, id))?.protection ?? null,
  });
  const context: ModelContext = {
    account, store, environment, log, outbox, announce,
    contact: address => byAddress.value.get(address),
    presence: address => people.value.presence.value.get(address),
  };

  let rereading: Promise<(touched: Touched) => void> | undefined;
  const loadRereading = async (): Promise<(touched: Touched) => void> =>
    (await chunk(import('./rereading.js'))).createRereading({ account, store, announce, over: () => disposer.disposed, heard: options.heard, wrote: outbox.noticed, onError: report });

  const make = (id: string, kindId: string): LiveConversation | undefined => {
    const present = byId.get(id);
    const its = present ? undefined : kind(kindId);
    if (!its) return present;
    const made = createConversation(context, id, its);
    byId.set(id, made);
    return made;
  };
  const tell = (): void => {
    if (known.peek().length !== byId.size) known.value = [...byId.values()];
  };

  announce({ messages: [], conversations: await store.conversations(account) });
  const deferred = createDeferred(account, store, report);
  const { accept, dispose } = createInbound({ ...options, deferred, announce: hear });
  disposer.own(dispose);
  disposer.own(createBounces({ account, store, registry, announce }));
  disposer.own(async () => {
    await Promise.all([...byId.values()].map(conversation => conversation.flush()));
  });
  disposer.own(
    environment.onHide(() => {
      for (const conversation of byId.values()) conversation.flush().catch(report);
    }),
  );

  return {
    conversations: computed(() =>
      known.value.filter(conversation => conversation.known.value).sort((a, b) => (b.preview.value?.time ?? 0) - (a.preview.value?.time ?? 0)),
    ),
    unread: computed(() => known.value.reduce((sum, { id, unread }) => sum + ((only !== undefined && id !== only) || unread.value.kind === 'unknown' ? 0 : unread.value.count), 0)),
    contacts: computed(() => people.value.contacts.value),
    presence: computed(() => people.value.presence.value),
    conversation: address => {
      const id = bareJid(address);
      return id === undefined ? undefined : make(id, 'direct');
    },
    attach: (session, those) => {
      people.value = those;
      let detach: Disposable | undefined;
      const stop = effect(() => {
        const holds = session.role.value === 'holder';
        void detach?.();
        detach = holds ? untracked(() => outbox.attach(session)) : undefined;
      });
      return () => {
        stop();
        people.value = NOBODY;
        return detach?.();
      };
    },
    touched: what => {
      rereading ??= loadRereading();
      rereading.then(take => take(what)).catch(report);
    },
    refresh: async () => {
      announce({ messages: [], conversations: await store.conversations(account) });
      for (const { timeline } of byId.values()) timeline.refresh();
      outbox.noticed();
    },
    release: owner => deferred.release(owner, (routed: Routed) => accept(routed)),
    dispose: () => disposer.dispose(),
  };
};

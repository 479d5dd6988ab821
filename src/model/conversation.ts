/** One conversation as everybody above the model sees it. */
import { computed, signal, type ReadonlySignal, type Signal } from '../base/signal.js';
import type { Disposable } from '../base/disposer.js';
import { ChatError } from '../base/errors.js';
import { parseJid } from '../base/jid.js';
import type { ConversationRecord, Preview, Unread } from '../entities/conversation.js';
import type { Presence } from '../entities/presence.js';
import type { ConversationKind } from './kind.js';
import { createTimeline, type LiveTimeline, type Timeline } from './timeline.js';
import type { ModelContext } from './context.js';

export interface Conversation {
  /** Its address, in a direct conversation the other's bare JID. */
  readonly id: string;
  /** Id of its kind. */
  readonly kind: string;
  /** Name to show: the roster's, else the local part of the address. */
  readonly title: ReadonlySignal<string>;
  /** undefined: not known, draw nothing. */
  readonly presence: ReadonlySignal<Presence | undefined>;
  readonly unread: ReadonlySignal<Unread>;
  readonly preview: ReadonlySignal<Preview | undefined>;
  /** Position up to which was read; a view that draws the line “New” takes note of it when it opens. */
  readonly readPosition: ReadonlySignal<string>;
  /** Whether this account ever wrote here. */
  readonly answered: ReadonlySignal<boolean>;
  readonly draft: ReadonlySignal<string>;
  /** Id of the plugin without whose seal nothing is sent; null: none is asked for. */
  readonly protection: ReadonlySignal<string | null>;
  readonly timeline: Timeline;
  /** Keeps what is typed; stored after a short pause. */
  setDraft(text: string): void;
  /**
   * Stores the message and its echo, then sends it as soon as it can. Sent as it stands, the draft is empty at once; where it could not be stored, it
   * comes back on lines of its own, before what was typed since. Rejects with ChatError storage, or message/empty, message/too-long.
   */
  send(text: string): Promise<void>;
  /** Queues a failed or unconfirmed message again under its own id. */
  retry(messageId: string): Promise<void>;
  /** Removes a failed or queued message for good. */
  discard(messageId: string): Promise<void>;
  /** Asks for the seal of a plugin from now on; null: for none any more. */
  protect(plugin: string | null): Promise<void>;
  /** Says that everything up to the newest message has been seen. */
  markRead(): Promise<void>;
}

/** A conversation that also hears of changes in the store. */
export interface LiveConversation extends Conversation {
  readonly timeline: LiveTimeline;
  /** Whether anything of it is stored. */
  readonly known: ReadonlySignal<boolean>;
  update(record: ConversationRecord & { readonly unread: Unread }): void;
  /** Stores a draft that is still waiting. */
  flush(): Promise<void>;
}

/** The longest text in UTF-8 bytes; servers refuse stanzas from 256 kB on, and a seal makes them larger. */
export const MAX_TEXT_BYTES = 65_536;
const DRAFT_PAUSE_MS = 300;

/** The conversation with an address. Nothing is stored before something is written in it. */
export const createConversation = (context: ModelContext, id: string, kind: ConversationKind): LiveConversation => {
  const { account, store, environment, log, announce } = context;
  const record: Signal<(ConversationRecord & { readonly unread: Unread }) | undefined> = signal(undefined);
  const typed = signal<string | undefined>(undefined);
  const draft = computed(() => typed.value ?? record.value?.draft ?? '');
  let waiting: Disposable | undefined;
  /** How many messages are on their way into the store: until then what is stored as a draft is all that a page which is left has of them. */
  let sending = 0;
  /** Drafts that are on their way, or could not be stored, in the order of sending. */
  const taken = new Map<object, string>();

  const flush = async (): Promise<void> => {
    const text = typed.peek();
    await waiting?.();
    waiting = undefined;
    if (text === undefined || sending > 0) return;
    if (text !== (record.peek()?.draft ?? '')) {
      if (!record.peek()) announce(await store.ensureConversation(account, id, kind.id));
      announce(await store.updateConversation(account, id, () => (sending > 0 ? {} : { draft: text })));
    }
    // From here on what is typed in another tab counts too.
    if (typed.peek() === text && sending === 0) typed.value = undefined;
  };
  const keepDraft = (): void => {
    flush().catch((error: unknown) => log.report(error));
  };
  /** What could not be stored goes back once nothing is on its way any more, so that all of it comes in the order of writing. */
  const settled = (): void => {
    sending--;
    if (sending === 0 && taken.size > 0) {
      const since = draft.peek();
      typed.value = [...taken.values(), ...(since ? [since] : [])].join('\n');
      taken.clear();
    }
    keepDraft();
  };

  return {
    id,
    kind: kind.id,
    title: computed(() => context.contact(id)?.name || parseJid(id)?.local || id),
    presence: computed(() => context.presence(id)),
    unread: computed(() => record.value?.unread ?? { kind: 'exact', count: 0 }),
    preview: computed(() => record.value?.preview),
    readPosition: computed(() => record.value?.readPosition ?? ''),
    answered: computed(() => record.value?.answered ?? false),
    draft,
    protection: computed(() => record.value?.protection ?? null),
    known: computed(() => record.value !== undefined),
    timeline: createTimeline(account, id, store, error => log.report(error)),
    setDraft: text => {
      typed.value = text;
      waiting ??= environment.timer(DRAFT_PAUSE_MS, keepDraft);
    },
    send: async text => {
      const body = text.trimEnd();
      if (!body.trim()) throw new ChatError('message', 'empty', 'user');
      if (new TextEncoder().encode(body).length > MAX_TEXT_BYTES) throw new ChatError('message', 'too-long', 'user');
      const its = {};
      if (text === draft.peek()) {
        taken.set(its, text);
        typed.value = '';
      }
      sending++;
      try {
        // What was taken out of the field is no draft any more as soon as it is a message, and not before.
        await context.outbox.send(id, kind, body, typed.peek() === '' ? '' : undefined);
        taken.delete(its);
      } finally {
        settled();
      }
    },
    retry: messageId => context.outbox.retry(messageId),
    discard: messageId => context.outbox.discard(messageId),
    protect: async plugin => {
      announce(await store.ensureConversation(account, id, kind.id));
      announce(await store.updateConversation(account, id, () => ({ protection: plugin })));
    },
    markRead: async () => {
      const now = record.peek();
      const newest = now?.preview?.position;
      if (!now || newest === undefined || newest <= now.readPosition) return;
      announce(await store.updateConversation(account, id, () => ({ readPosition: newest })));
    },
    update: next => {
      record.value = next;
    },
    flush,
  };
};

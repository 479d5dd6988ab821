/** Typing, shown and sent sparingly (XEP-0085). */
import { definePlugin, type PluginContext } from '../app/plugin.js';
import type { Disposable } from '../base/disposer.js';
import { computed, type ReadonlySignal, type Signal } from '../base/signal.js';
import { defineService } from '../base/slot.js';
import type { InboundDraft } from '../model/inbound-draft.js';
import { inbound, outbound } from '../model/slots.js';
import { discoFeatures } from '../xmpp/slots.js';
import { CHAT_STATES_NS, chatState, readChatState, stateMessage } from '../xmpp/xep/0085-chat-states.js';

export interface ChatStates {
  /** Senders who are typing in a conversation now. */
  composing(conversation: string): ReadonlySignal<readonly string[]>;
  /** Tells that the person here typed; `empty` when the field is empty again. */
  typed(conversation: string, empty: boolean): void;
}

export const chatStates = defineService<ChatStates>('chat-states');

/** Conversation → who is typing there. */
type Composing = Readonly<Record<string, readonly string[]>>;

/** By own property only, as an address may have the name of an inherited one. */
const typingIn = (all: Composing, conversation: string): readonly string[] => (Object.hasOwn(all, conversation) && all[conversation]) || [];

/** Without news a typing person is taken to have stopped after this time. */
const FORGET_MS = 30_000;
/** XEP-0085 §5.2 suggests a pause of 30 s; people who stop for 5 s are not typing to the eye. */
const PAUSE_MS = 5_000;

/** What others do. */
const watchOthers = (ctx: PluginContext, composing: Signal<Composing>, supporting: Signal<readonly string[]>): void => {
  const timers = new Map<string, Disposable>();
  const set = (conversation: string, sender: string, typing: boolean): void => {
    const key = `${conversation} ${sender}`;
    void timers.get(key)?.();
    timers.delete(key);
    const before = typingIn(composing.peek(), conversation);
    const others = before.filter(other => other !== sender);
    if (typing) timers.set(key, ctx.timer(FORGET_MS, () => set(conversation, sender, false)));
    if (typing || others.length !== before.length) composing.value = { ...composing.peek(), [conversation]: typing ? [...others, sender] : others };
  };
  const apply = ({ origin, mine, stanza, conversation, sender, body, afterCommit }: InboundDraft): void => {
    if (mine || origin.kind === 'archive') return;
    const state = readChatState(stanza);
    if (state && origin.kind === 'live' && !supporting.peek().includes(conversation)) supporting.value = [...supporting.peek(), conversation];
    if (state === 'composing' && body === undefined) set(conversation, sender, true);
    else if (state !== undefined || body !== undefined) afterCommit.push(() => set(conversation, sender, false));
  };
  ctx.add(inbound, { phase: 'apply', run: apply });
  ctx.whileOnline((_session, { resumed }) => {
    if (!resumed) supporting.value = [];
    // Who typed for the tab that had the session before may have stopped unheard.
    for (const [conversation, senders] of Object.entries(composing.peek())) for (const sender of senders) set(conversation, sender, resumed);
    return () => {
      composing.value = {};
    };
  });
};

/** What the person here does: told only where the other side has shown that it understands. */
const tellOthers = (ctx: PluginContext, supporting: ReadonlySignal<readonly string[]>): ChatStates['typed'] => {
  const typing = new Map<string, Disposable>();
  const tell = (conversation: string, state: 'composing' | 'paused' | 'active'): void => {
    if (!ctx.session.online.peek()) return;
    ctx.session.send(stateMessage(conversation, state)).catch((error: unknown) => ctx.log.debug(`No chat state was sent: ${String(error)}`));
  };
  const stop = (conversation: string): boolean => {
    const pause = typing.get(conversation);
    typing.delete(conversation);
    void pause?.();
    return pause !== undefined;
  };
  ctx.add(outbound, {
    phase: 'stamp',
    run: ({ conversation, open }) => {
      stop(conversation);
      open.push(chatState('active'));
    },
  });
  return (conversation, empty) => {
    if (!supporting.peek().includes(conversation)) return;
    const was = stop(conversation);
    if (empty) {
      if (was) tell(conversation, 'active');
      return;
    }
    if (!was) tell(conversation, 'composing');
    typing.set(conversation, ctx.timer(PAUSE_MS, () => {
      if (stop(conversation)) tell(conversation, 'paused');
    }));
  };
};

export const chatStatesPlugin = definePlugin({
  id: 'chat-states',
  setup(ctx) {
    const composing = ctx.live<Composing>('composing', {});
    const supporting = ctx.live<readonly string[]>('supporting', []);
    ctx.add(discoFeatures, CHAT_STATES_NS);
    watchOthers(ctx, composing, supporting);
    ctx.provide(chatStates, { composing: conversation => computed(() => typingIn(composing.value, conversation)), typed: tellOthers(ctx, supporting) });
  },
});

/** A chat without a server or a store, for tests of the screen: people write, the connection comes and goes, all by a call. */
import type { Refused } from '../../src/app/coming-in.js';
import type { Chat, SignInState } from '../../src/app/chat.js';
import { readOptions, type OptionsInput } from '../../src/app/config.js';
import type { ChatEvents } from '../../src/app/events.js';
import { Emitter } from '../../src/base/emitter.js';
import { batch, computed, signal } from '../../src/base/signal.js';
import { Registry } from '../../src/base/slot.js';
import type { Preview, Unread } from '../../src/entities/conversation.js';
import { SELF, type Message } from '../../src/entities/message.js';
import type { Contact, Presence } from '../../src/entities/presence.js';
import type { Problem, Status } from '../../src/entities/status.js';
import { chatStates } from '../../src/features/chat-states.js';
import type { Conversation } from '../../src/model/conversation.js';
import type { Model } from '../../src/model/model.js';
import { createTimeline } from '../../src/model/timeline.js';
import type { PageRequest, Store } from '../../src/store/store.js';

export const ACCOUNT = 'ana@example.org';
const MINUTE = 60_000;

/** What a message is made of where a test cares. */
export type Written = Partial<Omit<Message, 'id' | 'conversation' | 'position'>>;

export interface FakeConversation extends Conversation {
  /** All messages there are, oldest first; the timeline shows a window of them. */
  readonly rows: readonly Message[];
  /** A message of the other side arrives. */
  receive(body: string | null, written?: Written): Message;
  /** An own message appears, as `sent` if not said otherwise. */
  write(body: string, written?: Written): Message;
  /** Several arrive in one batch. */
  receiveAll(bodies: readonly string[]): void;
  change(id: string, patch: Written): void;
  remove(id: string): void;
  /** What was asked of the conversation, in order: `send hello`, `retry id`, `discard id`, `read position`. */
  readonly asked: readonly string[];
  /** The next sends are refused with this. */
  refuse(error: unknown): void;
  /** Holds the store's answers until the returned function is called. */
  hold(): () => void;
  readonly named: { value: string };
  readonly there: { value: Presence | undefined };
  readonly read: { value: string };
}

export interface FakeChat extends Chat {
  readonly registry: Registry;
  /** What was reported, with its owner. */
  readonly reports: readonly { readonly owner: string; readonly error: unknown }[];
  /** What was asked of the chat, in order: `reconnect`, `logOut`, `logIn address`. */
  readonly asked: readonly string[];
  setStatus(status: Status): void;
  setSignIn(state: SignInState): void;
  setAddress(address: string | undefined): void;
  /** Says by the key of a sentence why nothing is stored any more. */
  setUnstored(key: string | undefined): void;
  /** How many messages have not reached the server. */
  setUnsent(count: number): void;
  setContacts(contacts: readonly Contact[]): void;
  /** What `logIn` does: resolves if not told otherwise. */
  onLogIn(run: Chat['logIn']): void;
  /** Somebody who stayed signed in is not any more. */
  setRefused(code: string, address?: string): void;
  /** Makes a conversation; `history` messages of both sides, a minute apart, are in it from the start. */
  conversation(address: string, given?: { readonly history?: number; readonly title?: string; readonly unread?: number }): FakeConversation;
  /** Who is typing in a conversation. */
  typing(conversation: string, senders: readonly string[]): void;
  /** What was told about one's own typing, in order: `address text` or `address empty`. */
  readonly typed: readonly string[];
}

const position = (count: number): string => String(count).padStart(8, '0');

/** A chat with the options given; nothing of it needs a server. */
export const createFakeChat = (input: OptionsInput = { to: 'alice@example.org', service: 'ws://127.0.0.1:1/' }, problems?: readonly Problem[]): FakeChat => {
  const read = readOptions(input);
  const reports: { owner: string; error: unknown }[] = [];
  const asked: string[] = [];
  const typed: string[] = [];
  const events = new Emitter<ChatEvents>(error => void reports.push({ owner: 'events', error }));
  const registry = new Registry();
  const status = signal<Status>({ name: 'online' });
  const signIn = signal<SignInState>('in');
  const address = signal<string | undefined>(undefined);
  const unstored = signal<string | undefined>(undefined);
  const contacts = signal<readonly Contact[] | undefined>(undefined);
  const presence = signal<ReadonlyMap<string, Presence>>(new Map());
  const composing = signal<Readonly<Record<string, readonly string[]>>>({});
  let unsent = 0;
  const known = signal<ReadonlyMap<string, FakeConversation>>(new Map());
  let logIn: Chat['logIn'] = () => Promise.resolve();
  const refused = signal<Refused | undefined>(undefined);

  registry.provide(
    chatStates,
    {
      composing: conversation => computed(() => composing.value[conversation] ?? []),
      typed: (conversation, empty) => void typed.push(`${conversation} ${empty ? 'empty' : 'text'}`),
    },
    'chat-states',
  );

  const conversation: FakeChat['conversation'] = (id, given = {}) => {
    const present = known.peek().get(id);
    if (present) return present;
    const made = fakeConversation(id, given, events, error => void reports.push({ owner: 'timeline', error }));
    known.value = new Map(known.peek()).set(id, made);
    return made;
  };

  const model: Model = {
    conversations: computed(() => [...known.value.values()].sort((a, b) => (b.preview.value?.time ?? 0) - (a.preview.value?.time ?? 0))),
    unread: computed(() => [...known.value.values()].reduce((sum, { unread }) => sum + (unread.value.kind === 'unknown' ? 0 : unread.value.count), 0)),
    contacts,
    presence,
    conversation: other => conversation(other),
  };

  return {
    options: read.options,
    problems: problems ?? read.problems,
    status,
    signIn,
    address,
    refused,
    model: computed(() => (signIn.value === 'in' ? model : undefined)),
    persistent: computed(() => unstored.value === undefined),
    unstored,
    registry,
    plugins: { states: signal(new Map()), add: () => Promise.resolve({ name: 'active' }), remove: () => Promise.resolve() },
    start: () => Promise.resolve(),
    logIn: (who, password, options) => {
      asked.push(`logIn ${who}`);
      return logIn(who, password, options);
    },
    unsent: () => Promise.resolve(unsent),
    logOut: () => {
      asked.push('logOut');
      signIn.value = 'out';
      return Promise.resolve();
    },
    reconnect: () => void asked.push('reconnect'),
    on: (event, run) => events.on(event, run),
    report: (owner, error) => void reports.push({ owner, error }),
    destroy: () => Promise.resolve(),
    reports,
    asked,
    typed,
    conversation,
    setStatus: next => void (status.value = next),
    setSignIn: next => void (signIn.value = next),
    setAddress: next => void (address.value = next),
    setUnstored: next => void (unstored.value = next),
    setUnsent: count => void (unsent = count),
    setContacts: next => void (contacts.value = next),
    onLogIn: run => void (logIn = run),
    setRefused: (code, address = 'ana@example.org') => void (refused.value = { code, address }),
    typing: (where, senders) => void (composing.value = { ...composing.peek(), [where]: senders }),
  };
};

const fakeConversation = (
  id: string,
  { history = 0, title = 'Alice', unread = 0 }: { readonly history?: number; readonly title?: string; readonly unread?: number },
  events: Emitter<ChatEvents>,
  onError: (error: unknown) => void,
): FakeConversation => {
  const start = Date.now() - (history + 1) * MINUTE;
  let count = 0;
  let held: Promise<void> = Promise.resolve();
  let refusal: { readonly error: unknown } | undefined;
  const asked: string[] = [];

  const make = (body: string | null, mine: boolean, written: Written): Message => {
    count += 1;
    return {
      id: `m${count}`,
      account: ACCOUNT,
      conversation: id,
      position: position(count),
      sender: mine ? SELF : id,
      mine,
      body,
      time: Date.now(),
      messageId: `s${count}`,
      archiveIds: [],
      ...(mine ? { state: 'sent' as const } : {}),
      ...written,
    };
  };

  const rows = signal<readonly Message[]>(
    Array.from({ length: history }, (_, index) => make(`Message ${index + 1}`, index % 3 === 2 && index < history - unread, { time: start + index * MINUTE })),
  );
  const readTo = signal(position(history - unread));
  const draft = signal('');
  const protection = signal<string | null>(null);
  const named = signal(title);
  const there = signal<Presence | undefined>(undefined);

  const page = async (_account: string, _conversation: string, { before, after, limit }: PageRequest): Promise<readonly Message[]> => {
    await held;
    const all = rows.peek();
    if (before !== undefined) return all.filter(row => row.position < before).slice(-limit);
    if (after !== undefined) return all.filter(row => row.position > after).slice(0, limit);
    return all.slice(-limit);
  };
  const timeline = createTimeline(ACCOUNT, id, { page } as unknown as Store, onError);

  const add = (added: readonly Message[]): void => {
    batch(() => {
      rows.value = [...rows.peek(), ...added];
      timeline.apply(added.map(after => ({ id: after.id, conversation: id, after, new: true })));
    });
    for (const { mine, id: message, sender, body } of added) events.emit(mine ? 'message:sent' : 'message:received', { conversation: id, id: message, sender, body });
  };
  const one = (message: Message): Message => {
    add([message]);
    return message;
  };

  const self: FakeConversation = {
    id,
    kind: 'direct',
    title: named,
    presence: there,
    unread: computed((): Unread => ({ kind: 'exact', count: rows.value.filter(row => !row.mine && row.position > readTo.value).length })),
    preview: computed((): Preview | undefined => {
      const last = rows.value.at(-1);
      return last && { messageId: last.id, position: last.position, body: last.body, mine: last.mine, sender: last.sender, time: last.time };
    }),
    readPosition: readTo,
    answered: computed(() => rows.value.some(({ mine }) => mine)),
    draft,
    protection,
    protect: plugin => {
      protection.value = plugin;
      return Promise.resolve();
    },
    timeline,
    setDraft: text => void (draft.value = text),
    send: async text => {
      asked.push(`send ${text}`);
      const taken = text === draft.peek();
      if (taken) draft.value = '';
      if (!refusal) return void self.write(text, { state: 'queued' });
      await Promise.resolve();
      if (taken) draft.value = [text, draft.peek()].filter(Boolean).join('\n');
      throw refusal.error;
    },
    retry: message => {
      asked.push(`retry ${message}`);
      self.change(message, { state: 'queued' });
      return Promise.resolve();
    },
    discard: message => {
      asked.push(`discard ${message}`);
      self.remove(message);
      return Promise.resolve();
    },
    markRead: () => {
      const newest = rows.peek().at(-1)?.position ?? '';
      if (newest > readTo.peek()) {
        asked.push(`read ${newest}`);
        readTo.value = newest;
      }
      return Promise.resolve();
    },
    get rows() {
      return rows.peek();
    },
    asked,
    named,
    there,
    read: readTo,
    receive: (body, written = {}) => one(make(body, false, written)),
    write: (body, written = {}) => one(make(body, true, written)),
    receiveAll: bodies => add(bodies.map(body => make(body, false, {}))),
    change: (message, patch) => {
      const before = rows.peek().find(row => row.id === message);
      if (!before) return;
      const after: Message = { ...before, ...patch };
      batch(() => {
        rows.value = rows.peek().map(row => (row === before ? after : row));
        timeline.apply([{ id: message, conversation: id, after }]);
      });
    },
    remove: message => {
      batch(() => {
        rows.value = rows.peek().filter(row => row.id !== message);
        timeline.apply([{ id: message, conversation: id }]);
      });
    },
    refuse: error => void (refusal = { error }),
    hold: () => {
      let release: () => void = () => undefined;
      held = new Promise(resolve => (release = resolve));
      return release;
    },
  };
  return self;
};

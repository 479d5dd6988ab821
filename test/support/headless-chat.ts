/** A whole chat without a screen: a real store, a scripted server and a still clock, in one line. */
import { createChat, type Chat } from '../../src/app/chat.js';
import { readOptions, type OptionsInput } from '../../src/app/config.js';
import type { Plugin } from '../../src/app/plugin.js';
import { randomId } from '../../src/base/id.js';
import { createLog, type LogEntry } from '../../src/base/log.js';
import { createCore } from '../../src/core.js';
import type { DeliveryState, Message } from '../../src/entities/message.js';
import { featuresFor } from '../../src/features/features.js';
import type { Conversation } from '../../src/model/conversation.js';
import type { Model } from '../../src/model/model.js';
import { attr, content, type XmlElement } from '../../src/xmpp/xml.js';
import { fakeEnvironment, type FakeEnvironment } from './fake-environment.js';
import { scriptedServer, type ScriptedServer, type ServerScript } from './scripted-server.js';
import { until } from './until.js';

export const SUPPORT = 'support@example.org';
export const BO = 'bo@example.org';

export interface HeadlessChat {
  readonly chat: Chat;
  readonly server: ScriptedServer;
  readonly environment: FakeEnvironment;
  readonly log: readonly LogEntry[];
  readonly errors: () => readonly string[];
  readonly model: Model;
  readonly database: string;
  conversation(address: string): Conversation;
  /** What a conversation holds, as texts and states; opens its timeline. */
  texts(address: string): readonly string[];
  message(address: string, text: string): Message | undefined;
  /** Settles when one's own message has the state. */
  state(address: string, text: string, state: DeliveryState): Promise<Message>;
  /** Settles when the text is there. */
  arrival(address: string, text: string): Promise<Message>;
  /** A message from somebody, as the server would bring it. */
  receive(from: string, text: string, more?: string, attributes?: string): void;
  online(): Promise<void>;
  /** The same device after its page was closed or reloaded: same database, another page. */
  reloaded(options?: Partial<HeadlessOptions>): Promise<HeadlessChat>;
}

export interface HeadlessOptions {
  readonly options: OptionsInput;
  readonly script: ServerScript;
  readonly plugins: readonly Plugin[];
  readonly database: string;
  readonly server: ScriptedServer;
  readonly environment: FakeEnvironment;
  /** For what is spoken over BOSH. */
  readonly fetch: typeof fetch;
  /** Whether the server can be reached from the start (default: yes). */
  readonly reachable: boolean;
}

/** Less than a test may take, so that it can say what it waited for. */
const PATIENCE_MS = 6_000;

const all: { readonly chat: Chat; readonly database: string }[] = [];

const VISITOR: OptionsInput = { to: SUPPORT, service: 'ws://localhost:5280/xmpp' };
const ACCOUNT: OptionsInput = { mode: 'page', domain: 'example.org', service: 'ws://localhost:5280/xmpp' };

const build = ({ options = VISITOR, script = {}, plugins = [], database = `test-${randomId()}`, reachable = true, ...given }: Partial<HeadlessOptions>): HeadlessChat => {
  const server = given.server ?? scriptedServer({ accounts: { ana: 'secret' }, features: ['urn:xmpp:carbons:2', 'urn:xmpp:sid:0'], ...(options === VISITOR ? { mechanisms: ['ANONYMOUS'] } : {}), ...script });
  server.reachability = reachable ? 'open' : 'refused';
  const environment = given.environment ?? fakeEnvironment();
  const log: LogEntry[] = [];
  const parts = { environment, log: createLog('chat', entry => void log.push(entry)), plugins, database, WebSocket: server.WebSocket };
  const read = readOptions(options);
  const chat = given.fetch ? createChat({ ...parts, ...read, plugins: [...featuresFor(read.options.auth), ...plugins], fetch: given.fetch }) : createCore(options, parts);
  all.push({ chat, database });
  const opened = new Set<string>();
  const model = (): Model => {
    const its = chat.model.peek();
    if (!its) throw new Error('Nobody is signed in');
    return its;
  };
  const conversation = (address: string): Conversation => {
    const its = model().conversation(address);
    if (!its) throw new Error(`${address} is no address`);
    if (!opened.has(address)) its.timeline.open();
    opened.add(address);
    return its;
  };
  const message = (address: string, text: string): Message | undefined => conversation(address).timeline.messages.peek().find(({ body }) => body === text);
  const told = (address: string): string => JSON.stringify(conversation(address).timeline.messages.peek().map(({ body, state }) => [body, state]));
  return {
    chat,
    server,
    environment,
    database,
    log,
    errors: () => log.filter(({ level }) => level === 'error').map(({ owner, text }) => `${owner}: ${text}`),
    get model() {
      return model();
    },
    conversation,
    texts: address => conversation(address).timeline.messages.peek().map(({ body }) => body ?? ''),
    message,
    state: (address, text, state) =>
      until(`“${text}” to be ${state}`, async () => {
        // The clock goes on a little, as acknowledgements are asked for after a pause.
        await environment.advance(100);
        const its = message(address, text);
        return its?.state === state && its;
      }, () => told(address), PATIENCE_MS),
    arrival: (address, text) => until(`“${text}”`, () => message(address, text), () => told(address), PATIENCE_MS),
    receive: (from, text, more = '', attributes = `type='chat' id='${randomId()}'`) =>
      server.push(`<message xmlns='jabber:client' from='${from}' to='${server.jid}' ${attributes}><body>${text}</body>${more}</message>`),
    online: async () => {
      await until('the connection', () => chat.status.peek().name === 'online', () => JSON.stringify(chat.status.peek()), PATIENCE_MS);
      await until('initial presence', () => server.received.some(({ name }) => name === 'presence'), () => '', PATIENCE_MS);
    },
    reloaded: async (next = {}) => {
      await chat.destroy();
      const its = build({ options, script, plugins, database, server, environment, reachable: server.reachability === 'open', ...next });
      await its.chat.start();
      return its;
    },
  };
};

/** A visitor who talks to support, started; online unless the server is not reachable. */
export const visitorChat = async (options: Partial<HeadlessOptions> = {}): Promise<HeadlessChat> => {
  const made = build(options);
  await made.chat.start();
  if (options.reachable !== false) await made.online();
  return made;
};

/** Ana, signed in with her password. */
export const accountChat = async (options: Partial<HeadlessOptions> = {}): Promise<HeadlessChat> => {
  const made = build({ options: ACCOUNT, ...options });
  await made.chat.start();
  await made.chat.logIn('ana@example.org', 'secret');
  await made.online();
  return made;
};

/** A chat that was not started. */
export const idleChat = (options: Partial<HeadlessOptions> = {}): HeadlessChat => build(options);

/** Ends every chat of a test and removes its database. */
export const endChats = async (): Promise<void> => {
  const ended = all.splice(0);
  await Promise.all(ended.map(({ chat }) => chat.destroy()));
  for (const database of new Set(ended.map(its => its.database))) indexedDB.deleteDatabase(database);
};

/** The text of a message stanza. */
export const bodyOf = (stanza: XmlElement): string | undefined => {
  const body = stanza.children.find((part): part is XmlElement => typeof part !== 'string' && part.name === 'body');
  return body && content(body);
};
export const idOf = (stanza: XmlElement): string => attr(stanza, 'id') ?? '';
/** Message stanzas with a text that the client wrote to the wire. */
export const written = (server: ScriptedServer): readonly string[] => server.sent.flatMap(stanza => (stanza.name === 'message' ? (bodyOf(stanza) ?? []) : []));
/** Fits the message stanza with a text. */
export const saying = (text: string) => (stanza: XmlElement): boolean => stanza.name === 'message' && bodyOf(stanza) === text;

/** A stream over a scripted BOSH server, with all that a connection would bring: a login, a delivery, a storage that tests look into. */
import { createLog, type LogEntry } from '../../src/base/log.js';
import type { ChatError } from '../../src/base/errors.js';
import { randomId } from '../../src/base/id.js';
import { forgetfulLogins } from '../../src/xmpp/auth/login-memory.js';
import type { Delivery, DeliveryParts, Fate } from '../../src/xmpp/delivery.js';
import { createIqCaller } from '../../src/xmpp/iq.js';
import { negotiate } from '../../src/xmpp/negotiate.js';
import type { BoshState, Claim, SessionStorage } from '../../src/xmpp/session-storage.js';
import { Stream, type StreamOptions } from '../../src/xmpp/stream.js';
import { attr, NS, text, xml, type XmlElement } from '../../src/xmpp/xml.js';
import { fakeEnvironment, type FakeEnvironment } from './fake-environment.js';
import { settle } from './quiet.js';
import { scriptedBosh, type BoshScript, type ScriptedBosh } from './scripted-bosh.js';

export const URL_OF_TESTS = 'https://example.org/http-bind';

/** What is stored, for tests to look into and to spoil. */
export interface TestStorage extends SessionStorage {
  state: BoshState | undefined;
  readonly saves: readonly (BoshState | undefined)[];
  /** While it is there, saving fails so. */
  trouble: ChatError | undefined;
  /** Runs in every save, before it settles. */
  before: () => Promise<void> | void;
  /** Claims that are refused. */
  readonly refused: Set<string>;
}

export const testStorage = (state?: BoshState): TestStorage => {
  const saves: (BoshState | undefined)[] = [];
  const storage: TestStorage = {
    state,
    saves,
    trouble: undefined,
    before: () => undefined,
    refused: new Set(),
    load: () => Promise.resolve(storage.state),
    save: async (build, claims: readonly Claim[] = []) => {
      await storage.before();
      if (storage.trouble) throw storage.trouble;
      const not = new Set(claims.map(({ id }) => id).filter(id => storage.refused.has(id)));
      const built = build(not, storage.state);
      storage.state = built?.kind === 'bosh' ? built : undefined;
      saves.push(storage.state);
      return not;
    },
  };
  return storage;
};

export interface TestStream {
  readonly bosh: ScriptedBosh;
  readonly environment: FakeEnvironment;
  readonly storage: TestStorage;
  readonly stream: Stream;
  readonly delivery: Delivery | undefined;
  /** Texts of the messages that came, in order. */
  readonly got: readonly string[];
  /** Elements that came and are no stanzas. */
  readonly others: readonly XmlElement[];
  readonly fates: readonly (readonly [claim: string, fate: Fate])[];
  /** How it ended; undefined: not yet, or without an error. */
  readonly error: ChatError | undefined;
  readonly ended: number;
  readonly log: readonly LogEntry[];
  /** While true nothing that comes is stored; what came is stored when it is set to false. */
  hold(holding: boolean): void;
  /** Opens, logs in and binds. */
  online(): Promise<Delivery>;
  goOn(): Promise<Delivery>;
  /** Sends a message under a claim of the same name. */
  say(body: string): Promise<void>;
}

export interface TestStreamOptions {
  readonly bosh?: ScriptedBosh;
  readonly environment?: FakeEnvironment;
  readonly storage?: TestStorage;
  readonly url?: string;
}

export const boshStream = (script: BoshScript = {}, options: TestStreamOptions = {}): TestStream => {
  const bosh = options.bosh ?? scriptedBosh(script);
  const environment = options.environment ?? fakeEnvironment();
  const storage = options.storage ?? testStorage();
  const service = options.url ?? URL_OF_TESTS;
  const entries: LogEntry[] = [];
  const log = createLog('stream', entry => void entries.push(entry));
  const got: string[] = [];
  const others: XmlElement[] = [];
  const fates: (readonly [string, Fate])[] = [];
  const unstored: (() => void)[] = [];
  let holding = false;
  let delivery: Delivery | undefined;
  let error: ChatError | undefined;
  let ended = 0;
  const takeUp = storage.state;

  const onStanza: StreamOptions['onStanza'] = stanza => {
    const stored = delivery?.received(stanza) ?? (() => undefined);
    if (iq.take(stanza)) return stored();
    if (stanza.name === 'message') got.push(text(stanza, 'body', NS.client) ?? `<${attr(stanza, 'type') ?? ''}>`);
    if (holding) unstored.push(stored);
    else stored();
    return undefined;
  };
  const stream = new Stream({
    endpoint: { url: service, transport: 'bosh' },
    domain: 'example.org',
    from: 'ana@example.org',
    environment,
    log,
    WebSocket,
    fetch: bosh.fetch,
    ...(takeUp ? { takeUp } : {}),
    onStanza,
    onElement: element => void others.push(element),
    onHeard: () => undefined,
    onEnd: why => {
      error = why;
      ended++;
      delivery?.end(why?.domain === 'network');
    },
  });
  const iq = createIqCaller({ environment, domain: 'example.org', self: () => 'ana@example.org', write: async stanza => (delivery ? delivery.send(stanza) : stream.put(stanza)) });
  const parts = (jid: string): DeliveryParts => ({
    environment,
    log,
    storage,
    jid,
    service,
    csi: false,
    tell: (claim, fate) => {
      fates.push([claim, fate]);
      return Promise.resolve();
    },
    put: element => stream.say(element),
    refuse: (...why) => stream.refuse(...why),
    failing: () => undefined,
    abandon: why => stream.drop(why),
    gone: () => undefined,
  });

  return {
    bosh,
    environment,
    storage,
    stream,
    get delivery() {
      return delivery;
    },
    got,
    others,
    fates,
    get error() {
      return error;
    },
    get ended() {
      return ended;
    },
    log: entries,
    hold: now => {
      holding = now;
      if (!now) for (const stored of unstored.splice(0)) stored();
    },
    online: async () => {
      const credentials = { kind: 'password', username: 'ana', password: 'secret' } as const;
      const features = await stream.begin();
      const negotiated = await negotiate({ stream, environment, domain: 'example.org', features, credentials, memory: forgetfulLogins(), resume: undefined, enable: undefined, request: iq.request, counting: () => undefined });
      if (negotiated.kind !== 'bound') throw new Error('It was not bound.');
      delivery = stream.delivery(parts(negotiated.jid.full));
      if (!delivery) throw new Error('It has no delivery.');
      await settle();
      return delivery;
    },
    goOn: async () => {
      delivery = await stream.goOn(parts(takeUp?.jid ?? ''));
      return delivery;
    },
    say: async body => {
      if (!delivery) throw new Error('It is not online.');
      return delivery.send(xml('message', { to: 'bo@example.org', type: 'chat', id: randomId() }, xml('body', {}, body)), body);
    },
  };
};

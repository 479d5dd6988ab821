/** One account's connection to its server: opened, watched, opened again; everything above speaks through it. */
import type { Disposable } from '../base/disposer.js';
import { Emitter } from '../base/emitter.js';
import type { Environment } from '../base/environment.js';
import type { ChatError } from '../base/errors.js';
import type { Jid } from '../base/jid.js';
import type { Log } from '../base/log.js';
import type { ReadonlySignal } from '../base/signal.js';
import type { Registry } from '../base/slot.js';
import type { Status } from '../entities/status.js';
import type { Credentials } from './auth/credentials.js';
import type { LoginMemory } from './auth/login-memory.js';
import { createConnection, type Connection } from './connection.js';
import { createCsi } from './csi.js';
import type { Endpoints } from './endpoint.js';
import { createFates, type FateListener } from './fates.js';
import { createKeeper } from './keeper.js';
import { createLastStream } from './last-stream.js';
import { createRouter, type Router } from './router.js';
import type { SessionStorage } from './session-storage.js';
import { stanzaHandlers } from './slots.js';
import { notConnected } from './trouble.js';
import type { XmlElement } from './xml.js';

export type { Fate } from './delivery.js';
export type { Credentials } from './auth/credentials.js';

export interface SessionEvents {
  /** Stanzas may be sent. `resumed`: the stream goes on where it broke. */
  readonly online: { readonly resumed: boolean };
  /** Not any more, or an attempt failed; `error` says why unless it was asked for. */
  readonly offline: { readonly error?: ChatError };
}

export interface Session {
  readonly status: ReadonlySignal<Status>;
  readonly online: ReadonlySignal<boolean>;
  /** The server's domain. */
  readonly domain: string;
  /** The own bare JID; undefined before the first login. */
  readonly account: string | undefined;
  /** The own full JID; undefined while offline. */
  readonly jid: string | undefined;
  /** Whether the server sends carbons (XEP-0280) without being asked for them any more. */
  readonly carbons: boolean;
  /** Whether the stream goes on when its connection breaks; else nobody knows what becomes of what is under way then. */
  readonly lasting: boolean;
  readonly router: Router;
  on<K extends keyof SessionEvents>(event: K, run: (detail: SessionEvents[K]) => void): Disposable;
  /** Wants to be online from now on; idempotent. */
  connect(): void;
  /** Tries at once instead of waiting, also after a failure. */
  reconnectNow(): void;
  /** Closes the stream politely, within 2 s. */
  disconnect(): Promise<void>;
  /** Ends everything within 2 s, at any moment. */
  destroy(): Promise<void>;
  /** Ends everything at once and without a word, so that another tab or page can go on with the stream. */
  abandon(): void;
  /**
   * Writes a stanza, in the order of calling. What becomes of one with a claim is told under it by `onFate`, exactly once, unless this rejects:
   * with ChatError network/not-connected when nothing was written, storage/claimed when it was written before.
   */
  send(stanza: XmlElement, claim?: string): Promise<void>;
  /** Hears the fates of claims from now on, and those that nobody has heard, also of an earlier page's stream; one listener at a time. */
  onFate(run: FateListener): Disposable;
  /** Whether a fate of a claim of an earlier page is still to be told. Not known before the session is online. */
  expects(claim: string): boolean;
  /**
   * Sends an IQ of type get or set (an id is added) and settles with the result, answered by whom it was asked of and nobody else (RFC 6120 §8.2.3).
   * Rejects with a StanzaError, or with ChatError network/time-out after 30 s, network/disconnected at once when the connection breaks.
   */
  request(iq: XmlElement): Promise<XmlElement>;
}

export interface SessionOptions {
  readonly endpoints: Endpoints;
  readonly domain: string;
  readonly credentials: Credentials;
  readonly memory: LoginMemory;
  /** Whether a login of the account has worked already: what is typed, or is the token of somebody unnamed, may be anybody’s before that. */
  readonly proven?: boolean;
  readonly storage: SessionStorage;
  readonly environment: Environment;
  readonly log: Log;
  readonly registry: Registry;
  readonly WebSocket?: typeof WebSocket;
  readonly fetch?: typeof fetch;
}

/** A session that is not asked to connect yet. */
export const createSession = ({ endpoints, domain, credentials, memory, proven = false, storage, environment, log, registry, ...options }: SessionOptions): Session => {
  const events = new Emitter<SessionEvents>(error => log.report(error));
  const fates = createFates();
  const csi = createCsi(environment);
  // What is typed, or is the token of somebody unnamed, may be anybody's until it has worked.
  const known = proven || ('username' in credentials ? credentials.kind !== 'password' : credentials.kind === 'anonymous');
  const last = createLastStream({ environment, log, storage, fates, proven: known });
  let connection: Connection | undefined;
  let account: string | undefined;
  let jid: Jid | undefined;
  let carbons = false;

  const send = async (stanza: XmlElement, claim?: string): Promise<void> => {
    if (!connection) throw notConnected();
    csi.beforeSending();
    return connection.send(stanza, claim);
  };

  const router = createRouter({
    handlers: registry.all(stanzaHandlers),
    log,
    reply: stanza => {
      send(stanza).catch((error: unknown) => log.debug(`An answer was not sent: ${String(error)}`));
    },
  });

  /** Lets go of the connection, if there is one; `next` says what state that leads to, before anybody is told. */
  const gone = (next: () => void, error?: ChatError): Connection | undefined => {
    const ended = connection;
    connection = undefined;
    jid = undefined;
    csi.end();
    next();
    if (ended) events.emit('offline', error ? { error } : {});
    return ended;
  };

  const attempt = (): void => {
    const mine = createConnection({
      endpoints,
      domain,
      credentials,
      memory,
      storage,
      environment,
      log,
      WebSocket: options.WebSocket ?? globalThis.WebSocket,
      fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
      tell: fates.tell,
      last,
      onReady: ({ jid: bound, resumed, carbons: sent }) => {
        if (connection !== mine) return;
        jid = bound;
        carbons = sent;
        account = bound.bare;
        if (mine.csi) csi.begin(element => mine.say(element));
        keeper.ready();
        if (connection === mine) events.emit('online', { resumed });
      },
      onDoubt: (...doubt) => {
        if (connection === mine) keeper.doubt(...doubt);
      },
      onStanza: stanza => router.route(stanza, { kind: 'live' }),
      onEnd: error => {
        if (connection === mine && error) gone(() => keeper.failed(error), error);
      },
    });
    connection = mine;
  };

  const keeper = createKeeper({
    environment,
    log,
    params: { domain, host: domain, service: '' },
    // What is kept of a login was good once.
    worked: credentials.kind === 'secret',
    // Nobody typed anything that could be wrong.
    patient: credentials.kind !== 'password',
    attempt,
    check: () => {
      csi.beforeSending();
      connection?.check();
    },
    // A stream that can be resumed goes on when the page is back; where it cannot, others see us go.
    leave: () => gone(() => undefined)?.leave(),
  });

  const disconnect = async (): Promise<void> => gone(keeper.stop)?.close();

  return {
    status: keeper.status,
    online: keeper.online,
    domain,
    get account() {
      return account;
    },
    get jid() {
      return jid?.full;
    },
    get carbons() {
      return carbons;
    },
    get lasting() {
      return connection?.lasting ?? false;
    },
    router,
    on: (event, run) => events.on(event, run),
    connect: keeper.want,
    reconnectNow: keeper.hurry,
    disconnect,
    destroy: async () => {
      keeper.dispose();
      csi.dispose();
      await disconnect();
    },
    abandon: () => {
      keeper.dispose();
      csi.dispose();
      gone(keeper.stop)?.abandon();
    },
    send,
    onFate: fates.listen,
    expects: fates.expects,
    request: async iq => {
      if (!connection) throw notConnected();
      csi.beforeSending();
      return connection.request(iq);
    },
  };
};

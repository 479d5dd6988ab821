/** One account's connection to its server: opened, watched, opened again; everything above speaks through it. */
import { Disposer, type Disposable } from '../base/disposer.js';
import { Emitter } from '../base/emitter.js';
import type { Environment } from '../base/environment.js';
import type { ChatError } from '../base/errors.js';
import type { Jid } from '../base/jid.js';
import type { Log } from '../base/log.js';
import { batch, signal, type ReadonlySignal } from '../base/signal.js';
import type { Registry } from '../base/slot.js';
import type { Status } from '../entities/status.js';
import type { Credentials } from './auth/credentials.js';
import type { LoginMemory } from './auth/login-memory.js';
import { createConnection, type Connection } from './connection.js';
import type { Endpoints } from './endpoint.js';
import { createFates, type FateListener } from './fates.js';
import { createReconnect, worthRetrying } from './reconnect.js';
import { createRouter, type Router } from './router.js';
import type { SessionStorage } from './session-storage.js';
import { stanzaHandlers } from './slots.js';
import { notConnected } from './transport/websocket.js';
import { problemOf } from './trouble.js';
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
  /**
   * Writes a stanza, in the order of calling. What becomes of one with a claim is told under it by `onFate`, exactly once, unless this rejects:
   * with ChatError network/not-connected when nothing was written, storage/claimed when it was written before.
   */
  send(stanza: XmlElement, claim?: string): Promise<void>;
  /** Hears the fates of claims from now on, and those that nobody has heard, also of an earlier page's stream; one listener at a time. */
  onFate(run: FateListener): Disposable;
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
  readonly storage: SessionStorage;
  readonly environment: Environment;
  readonly log: Log;
  readonly registry: Registry;
  readonly WebSocket?: typeof WebSocket;
  readonly fetch?: typeof fetch;
}

/** Waking up does not make an attempt if the last one is more recent than this. */
const LEAST_PAUSE_MS = 2_000;

/** A session that is not asked to connect yet. */
export const createSession = ({ endpoints, domain, credentials, memory, storage, environment, log, registry, ...options }: SessionOptions): Session => {
  const disposer = new Disposer(error => log.report(error));
  const events = new Emitter<SessionEvents>(error => log.report(error));
  const status = signal<Status>({ name: 'idle' });
  const online = signal(false);
  const fates = createFates();
  const params = { domain, host: domain, service: '' };
  /** Whether a person or the page wants a connection. */
  let wanted = false;
  /** Whether there ever was one. */
  let worked = false;
  /** The page was put away with a connection that it wants back. */
  let away = false;
  let connection: Connection | undefined;
  let attemptedAt = -Infinity;
  let account: string | undefined;
  let jid: Jid | undefined;
  let carbons = false;

  /** Whoever watches may throw, but not at us. */
  const show = (next: Status): void => {
    try {
      batch(() => {
        status.value = next;
        online.value = next.name === 'online';
      });
    } catch (error) {
      log.report(error);
    }
  };

  const send = async (stanza: XmlElement, claim?: string): Promise<void> => {
    if (!connection) throw notConnected();
    return connection.send(stanza, claim);
  };

  const router = createRouter({
    handlers: registry.all(stanzaHandlers),
    log,
    reply: stanza => {
      send(stanza).catch((error: unknown) => log.debug(`An answer was not sent: ${String(error)}`));
    },
  });

  const gone = (next: Status, error?: ChatError): void => {
    connection = undefined;
    jid = undefined;
    show(next);
    events.emit('offline', error ? { error } : {});
  };

  const failed = (error: ChatError): void => {
    log.info(error.message);
    const problem = problemOf(error, params);
    if (worthRetrying(error, worked, credentials.kind === 'anonymous')) gone(reconnect.plan(problem), error);
    else {
      wanted = false;
      reconnect.cancel();
      gone({ name: 'failed', problem }, error);
    }
  };

  const attempt = (): void => {
    if (connection || disposer.disposed) return;
    reconnect.cancel();
    attemptedAt = environment.now();
    show({ name: 'connecting' });
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
      onReady: ({ jid: bound, resumed, carbons: sent }) => {
        if (connection !== mine) return;
        worked = true;
        jid = bound;
        carbons = sent;
        account = bound.bare;
        reconnect.settled();
        show({ name: 'online' });
        events.emit('online', { resumed });
      },
      onStanza: stanza => router.route(stanza, { kind: 'live' }),
      onEnd: error => {
        if (connection === mine && error) failed(error);
      },
    });
    connection = mine;
  };
  const reconnect = createReconnect(environment, attempt);

  /** Ends the present connection as something that was asked for. */
  const end = (next: Status, how: (ended: Connection) => Promise<void> | void): Promise<void> | void => {
    const ended = connection;
    reconnect.cancel();
    if (!ended && status.peek().name === next.name) return undefined;
    gone(next);
    return ended && how(ended);
  };

  const start = (): void => {
    wanted = true;
    away = false;
    reconnect.reset();
    attempt();
  };

  const wake = (networkIsBack = false): void => {
    if (!wanted) return;
    reconnect.reset();
    if (connection) connection.check();
    else if (away || networkIsBack || Math.abs(environment.now() - attemptedAt) >= LEAST_PAUSE_MS) start();
  };

  const hide = (): void => {
    // Without resumption a connection that sleeps with the page is lost without a word; better that others see us go.
    if (!wanted || away) return;
    away = true;
    void end({ name: 'idle' }, leaving => leaving.leave());
  };

  disposer.own(environment.onWake(() => wake()));
  disposer.own(environment.onHide(hide));
  let network = environment.online.peek();
  disposer.own(
    environment.online.subscribe(now => {
      if (now === network) return;
      network = now;
      const shown = status.peek();
      if (now) wake(true);
      else if (connection) connection.check();
      else if (shown.name === 'waiting') show(reconnect.plan(shown.problem));
    }),
  );

  const disconnect = async (): Promise<void> => {
    wanted = false;
    away = false;
    await end({ name: 'idle' }, ended => ended.close());
  };

  return {
    status,
    online,
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
    router,
    on: (event, run) => events.on(event, run),
    connect: () => {
      if (!wanted) start();
    },
    reconnectNow: () => {
      if (connection) connection.check();
      else start();
    },
    disconnect,
    destroy: async () => {
      void disposer.dispose();
      await disconnect();
    },
    send,
    onFate: fates.listen,
    request: async iq => {
      if (!connection) throw notConnected();
      return connection.request(iq);
    },
  };
};

/** One connection from its socket to its end: finds an endpoint, logs in, goes on or binds, counts and watches; a session makes a new one for each attempt. */
import { Disposer } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import type { ChatError } from '../base/errors.js';
import type { Jid } from '../base/jid.js';
import type { Log } from '../base/log.js';
import { createAlive, type Alive } from './alive.js';
import type { Credentials } from './auth/credentials.js';
import type { LoginMemory } from './auth/login-memory.js';
import type { Delivery, DeliveryParts, Fate } from './delivery.js';
import { refuseService, type Endpoint, type Endpoints } from './endpoint.js';
import { createIqCaller } from './iq.js';
import { negotiate } from './negotiate.js';
import { createPingDelivery } from './ping-delivery.js';
import { firstToOpen, type Attempt } from './race.js';
import type { SessionStorage } from './session-storage.js';
import { StanzaError } from './stanza-error.js';
import { createStreamManagement } from './stream-management.js';
import { disconnected, Stream } from './stream.js';
import { notConnected } from './transport/websocket.js';
import { asTrouble, trouble } from './trouble.js';
import { enableElement } from './xep/0198-stream-management.js';
import { ping } from './xep/0199-ping.js';
import { CSI_NS } from './xep/0352-csi.js';
import { child, type XmlElement } from './xml.js';

export interface Ready {
  readonly jid: Jid;
  /** The stream goes on where it broke. */
  readonly resumed: boolean;
  /** Carbons came with the binding. */
  readonly carbons: boolean;
}

export interface ConnectionParts {
  readonly endpoints: Endpoints;
  readonly domain: string;
  readonly credentials: Credentials;
  readonly memory: LoginMemory;
  readonly storage: SessionStorage;
  readonly environment: Environment;
  readonly log: Log;
  readonly WebSocket: typeof WebSocket;
  readonly fetch: typeof fetch;
  /** Tells a fate; settles when whoever asked for it has dealt with it. */
  tell(claim: string, fate: Fate): Promise<void>;
  /** Stanzas may be sent from now on. */
  onReady(ready: Ready): void;
  /** The server was asked whether it is there (true), or has answered (false). */
  onDoubt(asking: boolean): void;
  /** Takes a stanza; settles when it is stored, rejects when it is not. */
  onStanza(stanza: XmlElement): Promise<void>;
  /** Called exactly once; without an error if we ended it ourselves. */
  onEnd(error?: ChatError): void;
}

export interface Connection {
  /** Whether the server takes client state indications (XEP-0352). */
  readonly csi: boolean;
  /** As `Session.send`. */
  send(stanza: XmlElement, claim?: string): Promise<void>;
  /** As `Session.request`. */
  request(iq: XmlElement): Promise<XmlElement>;
  /** Writes an element that is no stanza, if it can be written. */
  say(element: XmlElement): void;
  /** Asks the server at once whether it is there. */
  check(): void;
  /** Ends it politely and for good, within 2 s. */
  close(): Promise<void>;
  /** The page goes away: ends it without waiting for an answer. */
  leave(): void;
}

interface Opened {
  readonly stream: Stream;
  readonly features: XmlElement;
}

/** How long the way from an open stream to one on which stanzas may be sent may be. */
const ATTEMPT_MS = 30_000;

/** Starts to connect at once. */
export const createConnection = ({ endpoints, domain, credentials, memory, storage, environment, log, tell, onReady, onDoubt, onStanza, onEnd, ...parts }: ConnectionParts): Connection => {
  const owned = new Disposer(error => log.report(error));
  const search = new AbortController();
  let stream: Stream | undefined;
  let ended = false;
  let jid: Jid | undefined;
  let delivery: Delivery | undefined;
  let alive: Alive | undefined;
  let csi = false;
  /** What comes before we may speak: whether it is dealt with, and whether it counts. undefined once we may. */
  let early: { readonly stanza: XmlElement; readonly done: boolean; readonly counted: boolean }[] | undefined = [];
  let counts = false;

  const write = async (stanza: XmlElement, claim?: string): Promise<void> => {
    if (delivery) return delivery.send(stanza, claim);
    if (!stream) throw notConnected();
    return stream.put(stanza);
  };

  const hand = (stanza: XmlElement, stored: (() => void) | undefined): void => {
    if (iq.take(stanza)) return stored?.();
    onStanza(stanza).then(stored, (error: unknown) => log.report(error, 'A stanza could not be stored, so the server is not told that it came.'));
  };

  const take = (stanza: XmlElement): void => {
    if (!early) return hand(stanza, delivery?.received(stanza));
    // An answer may come early (to the binding), but nothing else is handed on before we may speak.
    early.push({ stanza, done: iq.take(stanza), counted: counts });
    return undefined;
  };

  const end = (error?: ChatError): void => {
    if (ended) return;
    ended = true;
    search.abort();
    void owned.dispose();
    alive?.stop();
    onEnd(error);
    iq.end(disconnected());
    delivery?.end(false);
  };
  const drop = (error: ChatError): void => (stream ? stream.drop(error) : end(error));

  /** The stream that won is the connection's; one that ends before only loses. */
  const attempt = (endpoint: Endpoint): Attempt<Opened> => {
    const refusal = refuseService(endpoint.url);
    if (refusal) throw refusal;
    let lose: (error: ChatError) => void = () => undefined;
    const tried: Stream = new Stream({
      endpoint,
      fetch: parts.fetch,
      domain,
      environment,
      log,
      WebSocket: parts.WebSocket,
      ...('username' in credentials && credentials.username ? { from: `${credentials.username}@${domain}` } : {}),
      onStanza: take,
      onElement: element => {
        if (!delivery?.take(element)) log.debug(`Nobody knows <${element.name}/>.`);
      },
      onHeard: () => alive?.heard(),
      onEnd: error => (stream === tried ? end(error) : lose(error ?? disconnected())),
    });
    const opened = new Promise<Opened>((resolve, reject) => {
      lose = reject;
      tried.begin().then(
        features => {
          stream ??= tried;
          resolve({ stream: tried, features });
        },
        (error: unknown) => tried.fail(error),
      );
    });
    return { opened, drop: () => tried.drop() };
  };

  const iq = createIqCaller({ environment, domain, self: () => jid?.bare, write });

  const open = async (): Promise<void> => {
    const found = await endpoints.find(search.signal);
    const { endpoint, opened } = await firstToOpen(found, attempt, environment, search.signal).catch((error: unknown) => {
      endpoints.failed();
      throw error;
    });
    const its = opened.stream;
    const attempted = owned.own(environment.timer(ATTEMPT_MS, () => its.drop(trouble('time-out', `${ATTEMPT_MS} ms`))));
    const negotiated = await negotiate({
      stream: its,
      environment,
      domain,
      features: opened.features,
      credentials,
      memory,
      resume: undefined,
      // BOSH does the same work itself.
      enable: endpoint.transport === 'bosh' ? undefined : enableElement(false),
      request: iq.request,
      counting: () => (counts = true),
    });
    if (negotiated.kind === 'resumed') throw trouble('server-error', 'it resumed what nobody asked for');
    const { jid: bound, features, enabled, carbons } = negotiated;
    // Or what is stored of an account elsewhere would be shown, and what waits there sent, to a server that has no part in it.
    if ((credentials.kind !== 'anonymous' && bound.domain !== domain) || (credentials.kind === 'secret' && bound.local !== credentials.username)) throw trouble('server-error', `it gave the address ${bound.bare}`);
    jid = bound;
    csi = child(features, 'csi', CSI_NS) !== undefined;
    const shared: DeliveryParts = { environment, log, storage, jid: bound.full, service: endpoint.url, csi, tell, put: element => its.say(element), refuse: (...why) => its.refuse(...why), abandon: drop };
    delivery = its.delivery(shared) ?? (enabled ? createStreamManagement(shared) : createPingDelivery({ ...shared, ping: () => iq.request(ping()).then(() => true, isAnswer) }));
    void attempted();
    alive = createAlive({ environment, probe: () => delivery?.probe(), doubt: onDoubt, dead: () => its.drop(trouble('connection-lost', 'silence')) });
    endpoints.worked(endpoint);
    onReady({ jid: bound, resumed: false, carbons });
    const waiting = early ?? [];
    early = undefined;
    for (const { stanza, done, counted } of waiting) {
      const stored = counted ? delivery.received(stanza) : undefined;
      if (done) stored?.();
      else hand(stanza, stored);
    }
  };

  open().catch((error: unknown) => (stream ? stream.fail(error) : end(asTrouble(error))));

  return {
    get csi() {
      return csi;
    },
    send: async (stanza, claim) => {
      if (!alive) throw notConnected();
      return write(stanza, claim);
    },
    request: async stanza => {
      if (!alive) throw notConnected();
      return iq.request(stanza);
    },
    say: element => stream?.say(element),
    check: () => alive?.check(),
    close: async () => {
      delivery?.farewell();
      end();
      await stream?.close();
    },
    leave: () => {
      delivery?.farewell();
      stream?.leave();
      end();
    },
  };
};

/** Any answer is life, an error too. */
const isAnswer = (error: unknown): boolean => error instanceof StanzaError;

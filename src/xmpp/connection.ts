/** One connection from its socket to its end: finds an endpoint, logs in, goes on or binds, counts and watches; a session makes a new one for each attempt. */
import { chunk } from '../base/chunk.js';
import { Disposer, type Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import { ChatError } from '../base/errors.js';
import { parseJid, type Jid } from '../base/jid.js';
import type { Log } from '../base/log.js';
import { createAlive, type Alive } from './alive.js';
import type { Credentials } from './auth/credentials.js';
import type { LoginMemory } from './auth/login-memory.js';
import type { Delivery, DeliveryParts } from './delivery.js';
import { endpointAt, refuseService, type Endpoint, type Endpoints } from './endpoint.js';
import type { Fates } from './fates.js';
import { createIntake } from './intake.js';
import { createIqCaller } from './iq.js';
import type { LastStream } from './last-stream.js';
import { negotiate } from './negotiate.js';
import { openAt, type Attempt } from './opening.js';
import type { BoshState, ManagedState, SessionStorage } from './session-storage.js';
import { StanzaError } from './stanza-error.js';
import { Stream } from './stream.js';
import { asTrouble, disconnected, notConnected, trouble } from './trouble.js';
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
  readonly tell: Fates['tell'];
  readonly last: LastStream;
  /** Stanzas may be sent from now on. */
  onReady(ready: Ready): void;
  /** The server was asked whether it is there (true), or has answered (false). `failing`: it could not be reached just now. */
  onDoubt(asking: boolean, failing?: boolean): void;
  /** Takes a stanza; settles when it is stored, rejects when it is not. */
  onStanza(stanza: XmlElement): Promise<void>;
  /** Called exactly once; without an error if we ended it ourselves. */
  onEnd(error?: ChatError): void;
}

export interface Connection {
  /** Whether the server takes client state indications (XEP-0352). */
  readonly csi: boolean;
  /** As in `Session`. */
  readonly lasting: boolean;
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
  /** The page goes away: lets go of a stream that may go on, and ends any other without waiting for an answer. */
  leave(): void;
  /** Another tab goes on with the session: lets go without a word. */
  abandon(): void;
}

/** What a server says of resumption. */
type Terms = Pick<ManagedState, 'id' | 'location'>;

interface Opened {
  readonly stream: Stream;
  readonly features: XmlElement;
}

/** How long each step on the way to a stream on which stanzas may be sent may take; opening has a time of its own. */
const STEP_MS = 30_000;

/** Starts to connect at once. */
export const createConnection = ({ endpoints, domain, credentials, memory, storage, environment, log, tell, last, onReady, onDoubt, onStanza, onEnd, ...parts }: ConnectionParts): Connection => {
  const owned = new Disposer(error => log.report(error));
  const search = new AbortController();
  let stream: Stream | undefined;
  let ended = false;
  let jid: Jid | undefined;
  let delivery: Delivery | undefined;
  let alive: Alive | undefined;
  let csi = false;
  let overBosh = false;

  const write = async (stanza: XmlElement, claim?: string): Promise<void> => {
    if (delivery) return delivery.send(stanza, claim);
    if (!stream) throw notConnected();
    return stream.put(stanza);
  };

  /** Without an error we ended it ourselves. A stream that was ended because of what came on it would bring it again. */
  const end = (error?: ChatError, mayGoOn = error !== undefined && (error.domain === 'network' || error.domain === 'storage' || (!overBosh && error.code !== 'bad-data'))): void => {
    if (ended) return;
    ended = true;
    search.abort();
    void owned.dispose();
    alive?.stop();
    onEnd(error);
    iq.end(disconnected());
    delivery?.end(mayGoOn);
  };
  const drop = (error?: ChatError): void => (stream ? stream.drop(error) : end(error));

  const timeOut = (run: (error: ChatError) => void): Disposable => environment.timer(STEP_MS, () => run(trouble('time-out', `${STEP_MS} ms`)));

  /** A step that takes too long, be it the server, the disk or a part of ours that is being loaded, ends the attempt. */
  const inTime = async <T>(step: Promise<T>): Promise<T> => {
    const late = owned.own(timeOut(drop));
    try {
      return await step;
    } finally {
      void late();
    }
  };

  /** A stream that is not the connection's yet; one that ends before it is only loses. */
  const newStream = (endpoint: Endpoint, lose: (error: ChatError) => void, takeUp?: BoshState): Stream => {
    const made: Stream = new Stream({
      endpoint,
      fetch: parts.fetch,
      domain,
      environment,
      log,
      WebSocket: parts.WebSocket,
      ...('username' in credentials && credentials.username ? { from: `${credentials.username}@${domain}` } : {}),
      ...(takeUp ? { takeUp } : {}),
      onStanza: intake.take,
      onElement: element => {
        if (!delivery?.take(element)) log.debug(`Nobody knows <${element.name}/>.`);
      },
      onHeard: () => alive?.heard(),
      onEnd: error => (stream === made ? end(error) : lose(error ?? disconnected())),
    });
    return made;
  };

  const attempt = (endpoint: Endpoint): Attempt<Opened> => {
    const refusal = refuseService(endpoint.url);
    if (refusal) throw refusal;
    let lose: (error: ChatError) => void = () => undefined;
    const tried = newStream(endpoint, error => lose(error));
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
  const intake = createIntake({ log, answer: iq.take, onStanza });

  const deliveryParts = (its: Stream, full: string, service: string): DeliveryParts => ({
    environment,
    log,
    storage,
    jid: full,
    service,
    csi,
    tell,
    put: element => its.say(element),
    refuse: (...why) => its.refuse(...why),
    failing: now => onDoubt(now, now),
    abandon: drop,
    gone: last.gone,
  });

  const ready = (its: Stream, made: Delivery, how: Ready): void => {
    // What the server said of going on may have ended it.
    if (ended) return made.end(false);
    delivery = made;
    jid = how.jid;
    last.proven = true;
    alive = createAlive({ environment, probe: made.probe, doubt: onDoubt, dead: () => its.drop(trouble('connection-lost', 'silence')) });
    onReady(how);
    return intake.begin(made.received);
  };

  /** Goes on with a session over BOSH; settles with the endpoints that are left to try. */
  const takeUp = async (state: BoshState, bound: Jid, found: readonly Endpoint[]): Promise<readonly Endpoint[]> => {
    const bosh = await inTime(chunk(import('./transport/bosh.js')));
    csi = state.csi;
    return bosh.takeUp({
      state,
      found,
      environment,
      log,
      owned,
      timeOut,
      make: lose => newStream(endpointAt(state.service), lose, state),
      goOn: its => its.goOn(deliveryParts(its, state.jid, state.service)),
      onMade: (its, made) => {
        stream = its;
        overBosh = true;
        intake.counting();
        ready(its, made, { jid: bound, resumed: true, carbons: false });
      },
    });
  };

  const open = async (): Promise<void> => {
    const [state, all] = await inTime(Promise.all([last.load(), endpoints.find(search.signal)]));
    const known = state && parseJid(state.jid);
    if (ended) return;
    const found = state?.kind === 'bosh' && known && last.proven ? await takeUp(state, known, all) : all;
    if (ended || stream) return;
    const before = state?.kind === 'managed' && known ? last.managed : undefined;
    const { location } = before?.state ?? {};
    const candidates = location === undefined ? found : [endpointAt(location), ...found];
    // One of many is raced for. Where that cannot be had, what was found first is tried alone.
    const race = candidates.length > 1 ? await inTime(chunk(import('./race.js')).catch((error: unknown) => log.report(error))) : undefined;
    const opening = race ? race.firstToOpen(candidates, attempt, environment, search.signal) : openAt(found[0], attempt, environment, search.signal);
    const { endpoint, opened } = await opening.catch((error: unknown) => {
      if (!ended) endpoints.failed();
      throw error;
    });
    const its = opened.stream;
    overBosh = endpoint.transport === 'bosh';
    // A guest's address is another one on the next page, so that nothing could go on there.
    const lasting = credentials.kind !== 'anonymous';
    const negotiated = await inTime(negotiate({
      stream: its,
      environment,
      domain,
      features: opened.features,
      credentials,
      memory,
      // BOSH does the same work itself.
      resume: overBosh ? undefined : before?.resume(),
      enable: overBosh ? undefined : enableElement(lasting),
      request: iq.request,
      counting: intake.counting,
    }));
    if (endpoint.url !== location) endpoints.worked(endpoint);
    if (negotiated.kind === 'resumed') {
      if (!before || !known) throw trouble('server-error', 'it resumed what nobody asked for');
      csi = before.state.csi;
      return ready(its, before.connect(deliveryParts(its, known.full, endpoint.url), negotiated.answer), { jid: known, resumed: true, carbons: false });
    }
    const { jid: bound, features, enabled, failed, carbons } = negotiated;
    // Or what is stored of an account elsewhere would be shown, and what waits there sent, to a server that has no part in it.
    if ((lasting && bound.domain !== domain) || (credentials.kind === 'secret' && bound.local !== credentials.username)) throw trouble('server-error', `it gave the address ${bound.bare}`);
    last.giveUp(failed);
    csi = child(features, 'csi', CSI_NS) !== undefined;
    const shared = deliveryParts(its, bound.full, endpoint.url);
    const made = its.delivery(shared) ?? (enabled ? manage(shared, lasting ? await inTime(termsOf(enabled, shared)) : undefined) : await inTime(pinging(shared)));
    return ended ? made.end(false) : ready(its, made, { jid: bound, resumed: false, carbons });
  };

  const pinging = async (shared: DeliveryParts): Promise<Delivery> => {
    const { createPingDelivery } = await chunk(import('./ping-delivery.js'));
    return createPingDelivery({ ...shared, ping: () => iq.request(ping()).then(() => true, isAnswer) });
  };

  const termsOf = async (enabled: XmlElement, { service }: DeliveryParts): Promise<Terms | undefined> => (await chunk(import('./auth/account.js'))).readEnabled(enabled, service);

  const manage = (shared: DeliveryParts, terms: Terms | undefined): Delivery => {
    const { jid: full, service } = shared;
    const state: ManagedState = { kind: 'managed', jid: full, service, savedAt: environment.now(), csi, id: '', acknowledged: 0, received: 0, queue: [], ...terms };
    return last.begin(state, terms !== undefined).connect(shared);
  };

  open().catch((error: unknown) => (stream ? stream.fail(error) : end(error instanceof ChatError && error.domain === 'storage' ? error : asTrouble(error))));

  const abandon = (): void => {
    end(undefined, true);
    stream?.drop();
  };

  return {
    get csi() {
      return csi;
    },
    get lasting() {
      return delivery?.resumable ?? false;
    },
    send: async (stanza, claim) => {
      if (!alive) throw notConnected();
      alive.sent();
      return write(stanza, claim);
    },
    request: async stanza => {
      if (!alive) throw notConnected();
      alive.sent();
      return iq.request(stanza);
    },
    say: element => stream?.say(element),
    check: () => alive?.check(),
    close: async () => {
      delivery?.farewell();
      end(undefined);
      await stream?.close();
    },
    leave: () => {
      if (delivery?.resumable) return abandon();
      delivery?.farewell();
      stream?.leave();
      return end();
    },
    abandon,
  };
};

/** Any answer is life, an error too. */
const isAnswer = (error: unknown): boolean => error instanceof StanzaError;

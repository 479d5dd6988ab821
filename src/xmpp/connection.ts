/** One connection from its socket to its end: logs in, binds, counts and watches; a session makes a new one for each attempt. */
import { Disposer } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import type { ChatError } from '../base/errors.js';
import type { Jid } from '../base/jid.js';
import type { Log } from '../base/log.js';
import { createPingAcknowledgements, type Acknowledgements, type Fate } from './acknowledgements.js';
import { createAlive, type Alive } from './alive.js';
import type { Credentials } from './auth/credentials.js';
import type { LoginMemory } from './auth/login-memory.js';
import { logIn } from './auth/sasl.js';
import { bindResource } from './bind.js';
import { createIqCaller } from './iq.js';
import { StanzaError } from './stanza-error.js';
import { createStreamManagement, enableElement, isEnableAnswer, SM_NS } from './stream-management.js';
import { disconnected, Stream } from './stream.js';
import { notConnected } from './transport/websocket.js';
import { trouble } from './trouble.js';
import { ping } from './xep/0199-ping.js';
import { child, type XmlElement } from './xml.js';

export interface ConnectionParts {
  readonly service: string;
  readonly domain: string;
  readonly credentials: Credentials;
  readonly memory: LoginMemory;
  readonly environment: Environment;
  readonly log: Log;
  readonly WebSocket: typeof WebSocket;
  /** Stanzas may be sent from now on. */
  onReady(jid: Jid): void;
  /** Takes a stanza; settles when it is stored, rejects when it is not. */
  onStanza(stanza: XmlElement): Promise<void>;
  /** Called exactly once; without an error if we ended it ourselves. */
  onEnd(error?: ChatError): void;
}

export interface Connection {
  /** Throws ChatError network/not-connected when nothing was written. */
  send(stanza: XmlElement, fate?: Fate): void;
  /** As `Session.request`. */
  request(iq: XmlElement): Promise<XmlElement>;
  /** Asks the server at once whether it is there. */
  check(): void;
  /** Ends it politely, within 2 s. */
  close(): Promise<void>;
  /** Ends it without waiting for an answer. */
  leave(): void;
}

const OPEN_MS = 15_000;
const ATTEMPT_MS = 30_000;

/** Starts to connect at once. */
export const createConnection = ({ service, domain, credentials, memory, environment, log, onReady, onStanza, onEnd, ...parts }: ConnectionParts): Connection => {
  const owned = new Disposer(error => log.report(error));
  let jid: Jid | undefined;
  let acknowledgements: Acknowledgements | undefined;
  let alive: Alive | undefined;
  /** What comes before we may speak; undefined once we may. */
  let early: XmlElement[] | undefined = [];

  const write = (stanza: XmlElement, fate?: Fate): void => {
    stream.put(stanza);
    acknowledgements?.sent(fate);
  };

  const hand = (stanza: XmlElement, stored: (() => void) | undefined): void => {
    if (iq.take(stanza)) return stored?.();
    onStanza(stanza).then(stored, (error: unknown) => log.report(error, 'A stanza could not be stored, so the server is not told that it came.'));
  };

  const end = (error?: ChatError): void => {
    void owned.dispose();
    alive?.stop();
    onEnd(error);
    iq.end(disconnected());
    acknowledgements?.end();
  };

  const stream = new Stream({
    service,
    domain,
    environment,
    log,
    WebSocket: parts.WebSocket,
    ...(credentials.kind === 'password' ? { from: `${credentials.username}@${domain}` } : {}),
    // An answer may come early (to the binding), but nothing else is handed on before we may speak.
    onStanza: stanza => {
      if (!early) hand(stanza, acknowledgements?.received());
      else if (!iq.take(stanza)) early.push(stanza);
    },
    onElement: element => {
      if (!acknowledgements?.take(element)) log.debug(`Nobody knows <${element.name}/>.`);
    },
    onHeard: () => alive?.heard(),
    onEnd: end,
  });
  const iq = createIqCaller({ environment, domain, self: () => jid?.bare, write });

  /** XEP-0198 where the server has it. Nothing is written between `<enable/>` and `<enabled/>`, and counting starts there. */
  const manage = async (features: XmlElement): Promise<Acknowledgements> => {
    const enabled = child(features, 'sm', SM_NS) ? (await stream.ask(enableElement(), isEnableAnswer)).name === 'enabled' : false;
    if (enabled) return createStreamManagement({ environment, log, write: element => stream.say(element), refuse: (...why) => stream.refuse(...why) });
    return createPingAcknowledgements({ log, ping: () => iq.request(ping()).then(() => true, isAnswer) });
  };

  const limit = (ms: number): (() => void) => {
    const done = owned.own(environment.timer(ms, () => stream.drop(trouble('time-out', `${ms} ms`))));
    return () => void done();
  };

  const open = async (): Promise<void> => {
    const attempted = limit(ATTEMPT_MS);
    const opened = limit(OPEN_MS);
    const offered = await stream.begin();
    opened();
    await logIn(stream, offered, credentials, memory);
    const features = await stream.again();
    const bound = await bindResource(features, iq.request);
    // Or what is stored of an account elsewhere would be shown, and what waits there sent, to a server that has no part in it.
    if (credentials.kind === 'password' && bound.domain !== domain) throw trouble('server-error', `it gave the address ${bound.bare}`);
    jid = bound;
    acknowledgements = await manage(features);
    attempted();
    alive = createAlive({ environment, probe: () => acknowledgements?.probe(), dead: () => stream.drop(trouble('connection-lost', 'silence')) });
    onReady(bound);
    const waiting = early ?? [];
    early = undefined;
    for (const stanza of waiting) hand(stanza, undefined);
  };

  open().catch((error: unknown) => stream.fail(error));

  return {
    send: (stanza, fate) => {
      if (!alive) throw notConnected();
      write(stanza, fate);
    },
    request: async stanza => {
      if (!alive) throw notConnected();
      return iq.request(stanza);
    },
    check: () => alive?.check(),
    close: () => {
      acknowledgements?.farewell();
      return stream.close();
    },
    leave: () => {
      acknowledgements?.farewell();
      stream.leave();
    },
  };
};

/** Any answer is life, an error too. */
const isAnswer = (error: unknown): boolean => error instanceof StanzaError;

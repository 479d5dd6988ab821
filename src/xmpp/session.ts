/** One account's connection to its server: opened, watched, opened again; everything above speaks through it. */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import type { ChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { ReadonlySignal } from '../base/signal.js';
import type { Registry } from '../base/slot.js';
import type { Status } from '../entities/status.js';
import type { Router } from './router.js';
import type { XmlElement } from './xml.js';

export type Credentials = { readonly kind: 'anonymous' } | { readonly kind: 'password'; readonly username: string; readonly password: string };

export interface SessionEvents {
  /** Stanzas may be sent. `resumed`: the stream goes on where it broke. */
  readonly online: { readonly resumed: boolean };
  /** Not any more, or an attempt failed; `error` says why unless it was asked for. */
  readonly offline: { readonly error?: ChatError };
}

/** What becomes of a stanza that was written: exactly one of the two is called, once. */
export interface Fate {
  /** The server has it (XEP-0198, or where that is missing an IQ round trip after it). */
  onAcknowledged?(): void;
  /** The connection broke before the server said that it has it. */
  onLost?(): void;
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
  /** Writes a stanza. Rejects with ChatError network/not-connected when nothing was written. */
  send(stanza: XmlElement, fate?: Fate): Promise<void>;
  /**
   * Sends an IQ of type get or set (an id is added) and settles with the result, answered by whom it was asked of and nobody else (RFC 6120 §8.2.3).
   * Rejects with a StanzaError, or with ChatError network/time-out after 30 s, network/disconnected at once when the connection breaks.
   */
  request(iq: XmlElement): Promise<XmlElement>;
}

export interface SessionOptions {
  /** WebSocket address (RFC 7395); wss://, or ws:// on loopback. */
  readonly service: string;
  readonly domain: string;
  readonly credentials: Credentials;
  readonly environment: Environment;
  readonly log: Log;
  readonly registry: Registry;
  readonly WebSocket?: typeof WebSocket;
}

export const createSession = (options: SessionOptions): Session => {
  throw new Error(options.domain);
};

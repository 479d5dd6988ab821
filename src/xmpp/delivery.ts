/** What becomes of stanzas that are handed over, and of those that come: the common face of XEP-0198, of BOSH, and of what stands in for both. */
import type { Environment } from '../base/environment.js';
import type { ChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { SessionStorage } from './session-storage.js';
import type { XmlElement } from './xml.js';

/**
 * What became of a stanza with a claim. `acknowledged`: the server has it · `lost`: the stream is gone for good and nobody knows ·
 * `unsent`: the stream is gone for good and nothing of it was ever written to a socket.
 */
export type Fate = 'acknowledged' | 'lost' | 'unsent';

export interface Delivery {
  /** Whether the stream may go on after a break, on a later page too. */
  readonly resumable: boolean;
  /**
   * Stores a stanza as handed over, then writes it; all of one turn share a transaction, and the order is kept. Settles when it was written, or when its
   * stream goes on later and will write it then. Rejects with ChatError network/not-connected when nothing was stored or written,
   * storage/claimed when its claim was refused.
   */
  send(stanza: XmlElement, claim?: string): Promise<void>;
  /** One more stanza came; the returned function says that it is stored. undefined: it came before the break, and is being dealt with. */
  received(stanza: XmlElement): (() => void) | undefined;
  /** Takes an element that is no stanza; false: it is somebody else's. */
  take(element: XmlElement): boolean;
  /** Makes the server say something. */
  probe(): void;
  /** The last word before the stream is closed for good. */
  farewell(): void;
  /** The connection is gone. `resumable`: its stream may go on, so nothing is settled yet; otherwise every fate is told. */
  end(resumable: boolean): void;
}

export interface DeliveryParts {
  readonly environment: Environment;
  readonly log: Log;
  readonly storage: SessionStorage;
  /** Full JID of the stream. */
  readonly jid: string;
  readonly service: string;
  /** Whether the server takes client state indications (XEP-0352). */
  readonly csi: boolean;
  /** Tells a fate; what is told is forgotten only after it has settled. */
  tell(claim: string, fate: Fate): Promise<void>;
  /** Writes an element, or its text as it was stored, if it can be written. */
  put(element: XmlElement | string): void;
  /** Ends the stream with an error of ours (RFC 6120 §4.9). */
  refuse(condition: string, error: ChatError, application?: XmlElement): void;
  /** The server cannot be reached (true), and all is tried again for a while, or it can be again (false). */
  failing(now: boolean): void;
  /** Lets go of the connection without a word: the session is another tab's by now, or the connection is of no use. */
  abandon(error: ChatError): void;
  /** The session over BOSH of this id is over for good: its fates are being told, and nobody goes on with it. */
  gone(sid: string): void;
}

/** What leads from an open stream to one on which stanzas may be sent, and what it led to. */
import type { Environment } from '../base/environment.js';
import type { Jid } from '../base/jid.js';
import type { Credentials } from './auth/credentials.js';
import type { LoginMemory } from './auth/login-memory.js';
import type { Stream } from './stream.js';
import type { XmlElement } from './xml.js';

export interface Negotiation {
  readonly environment: Environment;
  readonly domain: string;
  readonly stream: Stream;
  /** What the server offers on the stream before a login. */
  readonly features: XmlElement;
  readonly credentials: Credentials;
  readonly memory: LoginMemory;
  /** `<resume/>` (XEP-0198 §5) where a stream may go on: tried before a binding. */
  readonly resume: XmlElement | undefined;
  /** `<enable/>` (XEP-0198 §3) for a stream that is bound anew; undefined where the transport does the same work. */
  readonly enable: XmlElement | undefined;
  /** Asks by IQ before the session is ready. */
  request(iq: XmlElement): Promise<XmlElement>;
  /** Called in the turn in which `<enabled/>` or `<resumed/>` came: every stanza after it counts, also those that come before the negotiation has settled. */
  counting(): void;
}

export type Negotiated =
  | {
      readonly kind: 'resumed';
      /** `<resumed/>` */
      readonly answer: XmlElement;
    }
  | {
      readonly kind: 'bound';
      readonly jid: Jid;
      /** What the server offers after the login. */
      readonly features: XmlElement;
      /** `<enabled/>`; undefined: not offered, refused or not asked for. */
      readonly enabled: XmlElement | undefined;
      /** `<failed/>`, where a resumption was asked for in vain; its `h` may settle something. */
      readonly failed: XmlElement | undefined;
      /** Whether carbons were enabled with the binding (XEP-0386). */
      readonly carbons: boolean;
    };

/** What a login led to, and what was done in one go with it (XEP-0388). */
export interface LoggedIn {
  readonly kind: 'in';
  /** What the server offers from now on. */
  readonly features: XmlElement;
  /** The answer to `<resume/>`, the address, the answer to `<enable/>`: each undefined when it was not done yet. */
  readonly failed?: XmlElement | undefined;
  readonly jid?: Jid | undefined;
  readonly enabling?: XmlElement | undefined;
  readonly carbons?: boolean;
}
export type Resumed = Extract<Negotiated, { kind: 'resumed' }>;

/** Logs in, then resumes or binds. Rejects with a ChatError auth/… and leaves the stream as it is. */
export type Negotiate = (negotiation: Negotiation) => Promise<Negotiated>;

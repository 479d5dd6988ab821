/** Who is there (RFC 6121 §4): ours told, others' heard. */
import type { Log } from '../base/log.js';
import type { ReadonlySignal } from '../base/signal.js';
import type { Registry } from '../base/slot.js';
import type { Presence } from '../entities/presence.js';
import type { Disco } from './disco.js';
import type { Session } from './session.js';

export interface PresenceParts {
  readonly session: Session;
  readonly registry: Registry;
  readonly log: Log;
  readonly disco: Disco;
}

export interface PresenceKeeper {
  /** By bare JID, the best of each one's devices; who is offline after having been online stays as `offline`. Emptied when the connection ends. */
  readonly presence: ReadonlySignal<ReadonlyMap<string, Presence>>;
  /** Sends initial presence, with caps. */
  announce(): Promise<void>;
  dispose(): void;
}

export const createPresence = (parts: PresenceParts): PresenceKeeper => {
  throw new Error(parts.session.domain);
};

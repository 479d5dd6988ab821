/** The contact list (RFC 6121 §2): loaded once per connection, kept by pushes from our own account only. */
import type { Log } from '../base/log.js';
import type { ReadonlySignal } from '../base/signal.js';
import type { Registry } from '../base/slot.js';
import type { Contact } from '../entities/presence.js';
import type { Session } from './session.js';

export interface RosterParts {
  readonly session: Session;
  readonly registry: Registry;
  readonly log: Log;
}

export interface Roster {
  /** undefined until the server has answered; stays what it was while offline. */
  readonly contacts: ReadonlySignal<readonly Contact[] | undefined>;
  load(): Promise<void>;
  dispose(): void;
}

export const createRoster = (parts: RosterParts): Roster => {
  throw new Error(parts.session.domain);
};

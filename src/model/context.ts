/** What the parts of one account's model share. */
import type { Environment } from '../base/environment.js';
import type { Log } from '../base/log.js';
import type { Contact, Presence } from '../entities/presence.js';
import type { Changes, Store } from '../store/store.js';
import type { Outbox } from './outbox.js';

export interface ModelContext {
  readonly account: string;
  readonly store: Store;
  readonly environment: Environment;
  readonly log: Log;
  readonly outbox: Outbox;
  /** The roster's entry of an address; reading it inside a computed signal subscribes. */
  contact(address: string): Contact | undefined;
  presence(address: string): Presence | undefined;
  /** Makes known what has been stored. */
  announce(changes: Changes): void;
}

/** What the account has: its conversations and its people. */
import type { ReadonlySignal } from '../base/signal.js';
import type { Contact, Presence } from '../entities/presence.js';
import type { Conversation } from './conversation.js';

export interface Model {
  /** By the newest message, the most recent first; undefined until the store has answered. */
  readonly conversations: ReadonlySignal<readonly Conversation[] | undefined>;
  /** Sum over all conversations of what is surely unread. */
  readonly unread: ReadonlySignal<number>;
  /** The roster; undefined until the server has sent it. */
  readonly contacts: ReadonlySignal<readonly Contact[] | undefined>;
  /** Presence by bare JID. */
  readonly presence: ReadonlySignal<ReadonlyMap<string, Presence>>;
  /** The conversation with an address, new or known. Undefined when the address is none. */
  conversation(address: string): Conversation | undefined;
}

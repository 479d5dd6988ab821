/** One conversation as everybody above the model sees it. */
import type { ReadonlySignal } from '../base/signal.js';
import type { Preview, Unread } from '../entities/conversation.js';
import type { Presence } from '../entities/presence.js';
import type { Timeline } from './timeline.js';

export interface Conversation {
  /** Its address, in a direct conversation the other's bare JID. */
  readonly id: string;
  /** Id of its kind. */
  readonly kind: string;
  /** Name to show: the roster's, else the local part of the address. */
  readonly title: ReadonlySignal<string>;
  /** undefined: not known, draw nothing. */
  readonly presence: ReadonlySignal<Presence | undefined>;
  readonly unread: ReadonlySignal<Unread>;
  readonly preview: ReadonlySignal<Preview | undefined>;
  /** Position up to which was read when this was last asked for; the line “New” stands behind it. */
  readonly readPosition: ReadonlySignal<string>;
  readonly draft: ReadonlySignal<string>;
  readonly timeline: Timeline;
  /** Keeps what is typed; stored after a short pause. */
  setDraft(text: string): void;
  /** Stores the message and its echo, then sends it as soon as it can. Rejects with ChatError storage, or message/empty, message/too-long. */
  send(text: string): Promise<void>;
  /** Queues a failed or unconfirmed message again under its own id. */
  retry(messageId: string): Promise<void>;
  /** Removes a failed or queued message for good. */
  discard(messageId: string): Promise<void>;
  /** Says that everything up to the newest message has been seen. */
  markRead(): Promise<void>;
}

/** One sighting of a message: the local echo, a live stanza, a carbon or a page of an archive. */
import type { ArchiveId, DeliveryState } from './message.js';

/** How far a time can be trusted: an archive's stamp, a delay of the sender's server, or our own clock. */
export const TIME_SOURCES = ['archive', 'delay', 'clock'] as const;
export type TimeSource = (typeof TIME_SOURCES)[number];

export interface Copy {
  readonly sender: string;
  readonly messageId: string;
  readonly originId?: string;
  /** At most one per copy, from the archive that speaks for this conversation. */
  readonly archiveId?: ArchiveId;
  /** null while it cannot be read. */
  readonly body: string | null;
  readonly time: number;
  readonly timeSource: TimeSource;
}

/** A copy on its way into the store. */
export interface IncomingCopy {
  readonly conversation: string;
  /** Id of the conversation's kind, for a conversation that is new. */
  readonly kind: string;
  readonly copy: Copy;
  /** For own messages: how far this sighting proves that it got. */
  readonly state?: DeliveryState;
  /** Local id to use if the message is new; a random one otherwise. */
  readonly id?: string;
}

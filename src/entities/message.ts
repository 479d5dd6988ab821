/** What a message is to everybody above the store. */

/** Who wrote one's own messages; no JID can look like it, and it survives a change of one's address. */
export const SELF = '=';

/**
 * How far an own message got, in this order:
 * `queued` never reached a socket · `sending` written, not acknowledged · `unconfirmed` was under way when the connection broke ·
 * `sent` the server has it · `failed` refused, with a reason · `delivered` the other client has it · `read` the other person saw it.
 */
export const DELIVERY_STATES = ['queued', 'sending', 'unconfirmed', 'sent', 'failed', 'delivered', 'read'] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** Why a message failed: `code` is an RFC 6120 §8.3.3 condition or one of ours; `text` is the server's own words, if any. */
export interface DeliveryError {
  readonly code: string;
  readonly text?: string;
}

/** An id that an archive gave (XEP-0359): worth something only from the archive that gave it. */
export interface ArchiveId {
  /** Bare JID of the archive. */
  readonly by: string;
  readonly id: string;
}

/** A message as the timeline shows it. */
export interface Message {
  /** Local id: random, stable over merges and retries. */
  readonly id: string;
  readonly account: string;
  /** Address of the conversation. */
  readonly conversation: string;
  /** Its place in the conversation: compare as strings, never by time. */
  readonly position: string;
  /** `SELF`, or the sender as the conversation's kind names it (direct: a bare JID). */
  readonly sender: string;
  readonly mine: boolean;
  /** The text; null while it cannot be read. */
  readonly body: string | null;
  /** Milliseconds since 1970, for display only. */
  readonly time: number;
  /** Value of the stanza's `id` attribute, for receipts, corrections and errors; empty if it had none. */
  readonly messageId: string;
  readonly originId?: string;
  readonly archiveIds: readonly ArchiveId[];
  /** Only on own messages. */
  readonly state?: DeliveryState;
  readonly error?: DeliveryError;
}

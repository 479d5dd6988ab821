/** What a conversation can be: a kind answers every question whose answer is not the same for all of them. */
import type { XmlElement } from '../xmpp/xml.js';
import type { Origin } from '../xmpp/router.js';

/** Where a stanza belongs and who wrote it. */
export interface Addressed {
  /** Address of the conversation. */
  readonly conversation: string;
  /** `SELF`, or the sender as this kind names people. */
  readonly sender: string;
  readonly mine: boolean;
}

export interface ConversationKind {
  readonly id: string;
  /** The RFC 6121 §5.2.2 message type of what is sent. */
  readonly messageType: string;
  /** Whether the server sends own messages back. */
  readonly echoes: boolean;
  /** Says which conversation a message stanza belongs to; undefined: not this kind's. `self` is the own bare JID. */
  address(stanza: XmlElement, self: string, origin: Origin): Addressed | undefined;
  /** Bare JID of the archive that speaks for a conversation. */
  archive(conversation: string, self: string): string;
  /** The real bare JIDs that a message reaches; null if they cannot be known. */
  recipients(conversation: string): readonly string[] | null;
}

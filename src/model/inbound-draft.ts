/** A message on its way in, as the steps of the inbound pipeline see it. */
import type { ArchiveId, Message } from '../entities/message.js';
import type { TimeSource } from '../entities/copy.js';
import type { CommitWith } from '../store/store.js';
import type { Origin } from '../xmpp/router.js';
import type { XmlElement } from '../xmpp/xml.js';
import type { ConversationKind } from './kind.js';

/** `drop`: nothing is kept. `defer`: the raw stanza is kept and runs again when the plugin that said so is next ready. */
export type InboundAnswer = 'drop' | 'defer';

/** A change to an own message that a stanza proves: a receipt, an error. */
export interface MessageUpdate {
  /** The stanza id under which the message was sent. */
  readonly messageId: string;
  change(message: Message): Partial<Pick<Message, 'state' | 'error'>> | undefined;
}

export interface InboundDraft {
  readonly stanza: XmlElement;
  readonly origin: Origin;
  readonly kind: ConversationKind;
  readonly conversation: string;
  readonly sender: string;
  readonly mine: boolean;
  readonly messageId: string;
  readonly originId?: string;
  readonly archiveId?: ArchiveId;
  /** Milliseconds since 1970, for display. */
  readonly time: number;
  readonly timeSource: TimeSource;
  /** The text; null: there is one that cannot be read; undefined: nothing to show. */
  body: string | null | undefined;
  readonly updates: MessageUpdate[];
  /** Writes a plugin's state in the same transaction as the message. */
  readonly commitWith: CommitWith[];
  /** Run once all of it is stored. */
  readonly afterCommit: (() => void)[];
}

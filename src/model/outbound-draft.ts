/** A message on its way out, as the steps of the outbound pipeline see it and as the outbox keeps it. */
import type { XmlElement } from '../xmpp/xml.js';
import { serialize } from '../xmpp/xml.js';
import type { OutboxEntry } from '../store/store.js';
import type { ConversationKind } from './kind.js';

export interface OutboundDraft {
  readonly conversation: string;
  readonly kind: ConversationKind;
  readonly messageId: string;
  /** What only the recipients may read; consumed by a seal. */
  secret: { readonly body?: string };
  /** Elements that everybody on the way may read. */
  readonly open: XmlElement[];
  /** Id of the plugin that sealed `secret` into `open`. */
  sealedBy: string | null;
}

/** The shape in which a draft is stored. */
export const storeDraft = (draft: OutboundDraft): OutboxEntry['draft'] => ({
  secret: { ...draft.secret },
  open: { elements: draft.open.map(serialize) },
  sealedBy: draft.sealedBy,
});

/** A message on its way out, as the steps of the outbound pipeline see it and as the outbox keeps it. */
import type { OutboxEntry } from '../store/store.js';
import { parseXml, serialize, type XmlElement } from '../xmpp/xml.js';
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

const isText = (value: unknown): value is string => typeof value === 'string';

/** The draft that a stored entry becomes; what is malformed in it is left out. */
export const restoreDraft = ({ conversation, messageId, draft }: OutboxEntry, kind: ConversationKind): OutboundDraft => {
  const { body } = draft.secret;
  const elements = draft.open['elements'];
  return {
    conversation,
    kind,
    messageId,
    secret: isText(body) ? { body } : {},
    open: (Array.isArray(elements) ? elements : []).flatMap(element => (isText(element) ? (parseXml(element) ?? []) : [])),
    sealedBy: draft.sealedBy,
  };
};

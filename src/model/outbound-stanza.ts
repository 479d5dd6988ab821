/** The stanza that a draft becomes (RFC 6121 §5.2), and the draft that a stored entry becomes. */
import type { OutboxEntry } from '../store/store.js';
import { originIdElement } from '../xmpp/xep/0359-stanza-ids.js';
import { NS, parseXml, xml, type XmlElement } from '../xmpp/xml.js';
import type { ConversationKind } from './kind.js';
import type { OutboundDraft } from './outbound-draft.js';

const isText = (value: unknown): value is string => typeof value === 'string';

/** The draft of a stored entry. */
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

/** The message stanza: what is still secret goes out in the clear only when nobody sealed it. */
export const buildMessage = ({ conversation, kind, messageId, secret, open, sealedBy }: OutboundDraft): XmlElement =>
  xml(
    'message',
    { xmlns: NS.client, to: conversation, type: kind.messageType, id: messageId },
    ...(sealedBy === null && secret.body !== undefined ? [xml('body', {}, secret.body)] : []),
    originIdElement(messageId),
    ...open,
  );

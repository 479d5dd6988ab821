/** The stanza that a draft becomes (RFC 6121 §5.2). */
import { originIdElement } from '../xmpp/xep/0359-stanza-ids.js';
import { NS, xml, type XmlElement } from '../xmpp/xml.js';
import type { OutboundDraft } from './outbound-draft.js';

/** The message stanza: what is still secret goes out in the clear only when nobody sealed it. */
export const buildMessage = ({ conversation, kind, messageId, secret, open, sealedBy }: OutboundDraft): XmlElement =>
  xml(
    'message',
    { xmlns: NS.client, to: conversation, type: kind.messageType, id: messageId },
    ...(sealedBy === null && secret.body !== undefined ? [xml('body', {}, secret.body)] : []),
    originIdElement(messageId),
    ...open,
  );

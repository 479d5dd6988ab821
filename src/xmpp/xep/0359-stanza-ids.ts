/** Words of Unique and Stable Stanza IDs (XEP-0359). */
import { bareJid } from '../../base/jid.js';
import { attr, child, children, xml, type XmlElement } from '../xml.js';

export const SID_NS = 'urn:xmpp:sid:0';

/** The id that the archive `by` (bare JID) gave; whether that archive may be believed is for the caller to know (§6). Of several the last counts, as servers append. */
export const archiveId = (stanza: XmlElement, by: string): string | undefined => {
  const given = children(stanza, 'stanza-id', SID_NS).filter(element => bareJid(attr(element, 'by')) === by);
  const last = given.at(-1);
  return (last && attr(last, 'id')) || undefined;
};

/** The id that the sender's client gave; worth something only together with the sender. */
export const originId = (stanza: XmlElement): string | undefined => {
  const origin = child(stanza, 'origin-id', SID_NS);
  return (origin && attr(origin, 'id')) || undefined;
};

export const originIdElement = (id: string): XmlElement => xml('origin-id', { xmlns: SID_NS, id });

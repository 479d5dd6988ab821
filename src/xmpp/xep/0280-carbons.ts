/** Words of Message Carbons (XEP-0280), whose stanzas are forwarded (XEP-0297). */
import { child, children, NS, xml, type XmlElement } from '../xml.js';

export const CARBONS_NS = 'urn:xmpp:carbons:2';
const FORWARD_NS = 'urn:xmpp:forward:0';

/** By itself where it goes with the binding (XEP-0386), else in an IQ. */
export const carbonsElement = (): XmlElement => xml('enable', { xmlns: CARBONS_NS });
export const enableCarbons = (): XmlElement => xml('iq', { type: 'set' }, carbonsElement());

/** The one message inside; undefined if there is none or more than one. Who wrapped it is for the caller to check (§11). */
export const unwrapCarbon = (stanza: XmlElement, direction: 'sent' | 'received'): XmlElement | undefined => {
  const carbon = child(stanza, direction, CARBONS_NS);
  const forwarded = carbon && child(carbon, 'forwarded', FORWARD_NS);
  const [message, more] = forwarded ? children(forwarded, 'message', NS.client) : [];
  return more ? undefined : message;
};

/** Words of Message Delivery Receipts (XEP-0184). */
import { randomId } from '../../base/id.js';
import { attr, child, xml, type XmlElement } from '../xml.js';
import { store } from './0334-hints.js';

export const RECEIPTS_NS = 'urn:xmpp:receipts';

export const receiptRequest = (): XmlElement => xml('request', { xmlns: RECEIPTS_NS });

export const wantsReceipt = (stanza: XmlElement): boolean => child(stanza, 'request', RECEIPTS_NS) !== undefined;

/** Tells `to` that its message `id` arrived. Archives keep it, so that the sender's other devices learn it too. */
export const receipt = (to: string, id: string): XmlElement => xml('message', { to, type: 'chat', id: randomId() }, xml('received', { xmlns: RECEIPTS_NS, id }), store());

/** The id of the message that a receipt is for; undefined if it is none. */
export const receivedId = (stanza: XmlElement): string | undefined => {
  const received = child(stanza, 'received', RECEIPTS_NS);
  return (received && attr(received, 'id')) || undefined;
};

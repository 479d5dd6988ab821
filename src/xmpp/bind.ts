/** Takes an address on the stream (RFC 6120 §7); the server chooses the resource. */
import { parseJid, type Jid } from '../base/jid.js';
import { trouble } from './trouble.js';
import { child, NS, text, xml, type XmlElement } from './xml.js';

const SESSION_NS = 'urn:ietf:params:xml:ns:xmpp-session';

/** Binds on a stream that offers `features`. Rejects with a StanzaError, or ChatError stream/server-error when the answer holds no address. */
export const bindResource = async (features: XmlElement, request: (iq: XmlElement) => Promise<XmlElement>): Promise<Jid> => {
  if (!child(features, 'bind', NS.bind)) throw trouble('server-error', 'it offers no address after the login');
  const answer = await request(xml('iq', { type: 'set' }, xml('bind', { xmlns: NS.bind })));
  const bound = child(answer, 'bind', NS.bind);
  const jid = parseJid(bound && text(bound, 'jid', NS.bind));
  if (!jid?.local || !jid.resource) throw trouble('server-error', 'it gave no address');
  // Servers of the time of RFC 3921 §3 want this too; later ones call it optional.
  const session = child(features, 'session', SESSION_NS);
  if (session && !child(session, 'optional', SESSION_NS)) await request(xml('iq', { type: 'set' }, xml('session', { xmlns: SESSION_NS })));
  return jid;
};

/** Words of XMPP Ping (XEP-0199). */
import { xml, type XmlElement } from '../xml.js';

export const PING_NS = 'urn:xmpp:ping';

/** A ping of the own server. It has no `to`: some servers do not find themselves under their own name. */
export const ping = (): XmlElement => xml('iq', { type: 'get' }, xml('ping', { xmlns: PING_NS }));

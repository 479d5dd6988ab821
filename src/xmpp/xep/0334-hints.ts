/** Words of Message Processing Hints (XEP-0334). */
import { xml, type XmlElement } from '../xml.js';

const HINTS_NS = 'urn:xmpp:hints';

/** Nobody on the way should keep this message. */
export const noStore = (): XmlElement => xml('no-store', { xmlns: HINTS_NS });

/** Worth keeping, though it has no text. */
export const store = (): XmlElement => xml('store', { xmlns: HINTS_NS });

/** XEP-0352: Client State Indication. */
import { xml, type XmlElement } from '../xml.js';

export const CSI_NS = 'urn:xmpp:csi:0';

export const activeElement = (): XmlElement => xml('active', { xmlns: CSI_NS });
export const inactiveElement = (): XmlElement => xml('inactive', { xmlns: CSI_NS });

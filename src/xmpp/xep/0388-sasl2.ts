/** Words of the extensible SASL profile (XEP-0388). */
import { child, is, text, xml, type XmlElement } from '../xml.js';

export const SASL2_NS = 'urn:xmpp:sasl:2';

/** `<authentication/>`: what is offered on a stream before the login (§2.1). */
export const readAuthentication = (features: XmlElement): XmlElement | undefined => child(features, 'authentication', SASL2_NS);

/** What may be done in one go with the login. */
export const readInline = (authentication: XmlElement): XmlElement | undefined => child(authentication, 'inline', SASL2_NS);

/** The beginning of a login (§2.3). `userAgent` is the id of this device, empty if it has none; `more` is what is to be done with it. */
export const authenticateElement = (mechanism: string, initial: string, userAgent: string, ...more: readonly (XmlElement | undefined)[]): XmlElement =>
  xml(
    'authenticate',
    { xmlns: SASL2_NS, mechanism },
    xml('initial-response', {}, initial),
    xml('user-agent', { id: userAgent || undefined }, xml('software', {}, 'Stoa')),
    ...more,
  );

export const responseElement = (response: string): XmlElement => xml('response', { xmlns: SASL2_NS }, response);

const ANSWERS: readonly string[] = ['challenge', 'success', 'failure', 'continue'];
export const isSasl2Answer = (element: XmlElement): boolean => ANSWERS.some(name => is(element, name, SASL2_NS));

/** The last word of the mechanism; undefined: none (§2.6.1). */
export const readAdditionalData = (success: XmlElement): string | undefined => text(success, 'additional-data', SASL2_NS)?.trim();

/** Who is logged in: a full JID once a resource is bound. */
export const readIdentity = (success: XmlElement): string | undefined => text(success, 'authorization-identifier', SASL2_NS)?.trim();

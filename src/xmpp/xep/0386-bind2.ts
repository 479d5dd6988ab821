/** Words of Bind 2 (XEP-0386): an address in one go with the login. */
import { attr, child, children, xml, type XmlElement } from '../xml.js';

const BIND2_NS = 'urn:xmpp:bind:0';

/** Whether it is offered inside `<inline/>` of a login (§3.1), with the features that may be enabled with it. */
export const readBindOffer = (inline: XmlElement): { readonly bind: boolean; enables(feature: string): boolean } => {
  const bind = child(inline, 'bind', BIND2_NS);
  const more = bind && child(bind, 'inline', BIND2_NS);
  const features = more ? children(more, 'feature', BIND2_NS).map(feature => attr(feature, 'var')) : [];
  return { bind: bind !== undefined, enables: feature => features.includes(feature) };
};

/** Without a tag: the resource is the server's to choose, another one for each session (§3.2). */
export const bindElement = (...enabled: readonly (XmlElement | undefined)[]): XmlElement => xml('bind', { xmlns: BIND2_NS }, ...enabled);

export const readBound = (success: XmlElement): XmlElement | undefined => child(success, 'bound', BIND2_NS);

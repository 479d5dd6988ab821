/** Words of FAST (XEP-0484): tokens of the server in the place of a password. */
import { attr, child, children, content, xml, type XmlElement } from '../xml.js';

const FAST_NS = 'urn:xmpp:fast:0';

/** The one mechanism a page can use: it sees nothing of the channel that it could bind to. */
export const FAST_MECHANISM = 'HT-SHA-256-NONE';
/** Longer than any token. */
const MOST = 4_096;

/** Whether tokens of our mechanism are offered inside `<inline/>` of a login (§3.1). */
export const offersFast = (inline: XmlElement): boolean => {
  const fast = child(inline, 'fast', FAST_NS);
  return fast !== undefined && children(fast, 'mechanism', FAST_NS).some(mechanism => content(mechanism).trim() === FAST_MECHANISM);
};

/** Asks for a token (§3.2). */
export const requestToken = (): XmlElement => xml('request-token', { xmlns: FAST_NS, mechanism: FAST_MECHANISM });

/** Says that the login is by token (§3.4), used for the `count`th time; `invalidate`: for the last time (§3.6). */
export const fastElement = (count: number, invalidate = false): XmlElement => xml('fast', { xmlns: FAST_NS, count: String(count), invalidate: invalidate ? 'true' : undefined });

/** The token in a `<success/>` (§3.3), with its end in milliseconds since 1970 if that is told; undefined: none, or none that can be used. */
export const readToken = (success: XmlElement): { readonly token: string; readonly expiry?: number } | undefined => {
  const element = child(success, 'token', FAST_NS);
  const token = element && attr(element, 'token');
  if (!element || !token || token.length > MOST) return undefined;
  const expiry = Date.parse(attr(element, 'expiry') ?? '');
  return Number.isNaN(expiry) ? { token } : { token, expiry };
};

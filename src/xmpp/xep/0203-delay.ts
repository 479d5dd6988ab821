/** Words of Delayed Delivery (XEP-0203), with its times (XEP-0082). */
import { attr, child, type XmlElement } from '../xml.js';

export const DELAY_NS = 'urn:xmpp:delay';

/** A time of XEP-0082 §3.2 in milliseconds since 1970; undefined if it is none. */
export const readStamp = (stamp: string | undefined): number | undefined => {
  if (stamp === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/.test(stamp)) return undefined;
  const time = Date.parse(stamp);
  return Number.isNaN(time) ? undefined : time;
};

/** When a stanza was sent, in milliseconds since 1970; undefined if it does not say. For display only, as anybody can claim it. */
export const delayStamp = (stanza: XmlElement): number | undefined => {
  const delay = child(stanza, 'delay', DELAY_NS);
  return delay && readStamp(attr(delay, 'stamp'));
};

/** Words of stream management (XEP-0198). */
import { attr, is, xml, type XmlElement } from '../xml.js';

export const SM_NS = 'urn:xmpp:sm:3';

const isOneOf = (names: readonly string[]) => (element: XmlElement): boolean => names.some(name => is(element, name, SM_NS));

/** Whether it answers `<enable/>` (§3) or `<resume/>` (§5). */
export const isEnableAnswer = isOneOf(['enabled', 'failed']);
export const isResumeAnswer = isOneOf(['resumed', 'failed']);

/** `<enable/>` (§3), with resumption or without. */
export const enableElement = (resume: boolean): XmlElement => xml('enable', { xmlns: SM_NS, resume: resume ? 'true' : undefined });

/** `<resume/>` (§5) of the stream `id`, of which `h` stanzas came. */
export const resumeElement = (id: string, h: number): XmlElement => xml('resume', { xmlns: SM_NS, previd: id, h: String(h) });

/** What `<enabled/>` (§3) says of resumption: nothing where there is none. `service` is the address of the endpoint; a place elsewhere is not believed. */
export const readEnabled = (enabled: XmlElement, service: string): { readonly id: string; readonly location?: string } | undefined => {
  const id = attr(enabled, 'id');
  if (!id || !/^(?:true|1)$/.test(attr(enabled, 'resume') ?? '')) return undefined;
  const place = attr(enabled, 'location');
  const url = place !== undefined && URL.canParse(`x://${place}`) && new URL(service);
  if (url) url.host = place;
  const here = url && place && url.hostname === new URL(service).hostname && url.href !== new URL(service).href;
  return { id, ...(here ? { location: url.href } : {}) };
};

/** Words of stream management (XEP-0198). */
import { is, xml, type XmlElement } from '../xml.js';

export const SM_NS = 'urn:xmpp:sm:3';

/** Whether it answers `<enable/>` (§3). */
export const isEnableAnswer = (element: XmlElement): boolean => is(element, 'enabled', SM_NS) || is(element, 'failed', SM_NS);

/** `<enable/>` (§3), with resumption or without. */
export const enableElement = (resume: boolean): XmlElement => xml('enable', { xmlns: SM_NS, resume: resume ? 'true' : undefined });

/** `<resume/>` (§5) of the stream `id`, of which `h` stanzas came. */
export const resumeElement = (id: string, h: number): XmlElement => xml('resume', { xmlns: SM_NS, previd: id, h: String(h) });

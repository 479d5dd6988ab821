/** Words of stream management (XEP-0198). */
import { is, xml, type XmlElement } from '../xml.js';

export const SM_NS = 'urn:xmpp:sm:3';

const isOneOf = (names: readonly string[]) => (element: XmlElement): boolean => names.some(name => is(element, name, SM_NS));

/** Whether it answers `<enable/>` (§3) or `<resume/>` (§5). */
export const isEnableAnswer = isOneOf(['enabled', 'failed']);
export const isResumeAnswer = isOneOf(['resumed', 'failed']);

/** `<enable/>` (§3), with resumption or without. */
export const enableElement = (resume: boolean): XmlElement => xml('enable', { xmlns: SM_NS, resume: resume ? 'true' : undefined });

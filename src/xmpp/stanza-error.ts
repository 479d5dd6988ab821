/** Errors of stanzas (RFC 6120 §8.3): read from what came back, and thrown to be sent back. */
import { ChatError, type Retry } from '../base/errors.js';
import { attr, child, elements, is, NS, text, xml, type XmlElement } from './xml.js';

export interface StanzaErrorCondition {
  /** Defined condition of RFC 6120 §8.3.3. */
  readonly code: string;
  /** The sender's own words, if any. */
  readonly text?: string;
}

/** RFC 6120 §8.3.2: what whoever gets the error may do about it. */
export type StanzaErrorType = 'auth' | 'cancel' | 'continue' | 'modify' | 'wait';

const RETRY: Readonly<Record<string, Retry>> = { wait: 'later', auth: 'user' };

/** An error of a stanza: what a request rejects with, and what a handler throws to refuse one. `code` is a condition of RFC 6120 §8.3.3. */
export class StanzaError extends ChatError {
  readonly type: string;
  /** The sender's own words, if any. */
  readonly text: string | undefined;

  constructor(code: string, type: StanzaErrorType = 'cancel', words?: string) {
    super('stanza', code, RETRY[type] ?? 'no', words === undefined ? undefined : `stanza: ${code} (${words})`);
    this.name = 'StanzaError';
    this.type = type;
    this.text = words;
  }
}

const TYPES: readonly string[] = ['auth', 'cancel', 'continue', 'modify', 'wait'];
const isType = (type: string | undefined): type is StanzaErrorType => type !== undefined && TYPES.includes(type);

/** The error of a stanza of type error; undefined if it is none. */
export const stanzaError = (stanza: XmlElement): StanzaErrorCondition | undefined => {
  if (attr(stanza, 'type') !== 'error') return undefined;
  const error = child(stanza, 'error', NS.client);
  const condition = error && elements(error).find(element => element.name !== 'text' && is(element, element.name, NS.stanzaErrors));
  const words = error && text(error, 'text', NS.stanzaErrors);
  return { code: condition?.name ?? 'undefined-condition', ...(words ? { text: words } : {}) };
};

/** The same, to be thrown. */
export const toStanzaError = (stanza: XmlElement): StanzaError => {
  const { code, text: words } = stanzaError(stanza) ?? { code: 'undefined-condition' };
  const error = child(stanza, 'error', NS.client);
  const type = error && attr(error, 'type');
  return new StanzaError(code, isType(type) ? type : 'cancel', words);
};

/** The child element of a stanza of type error. */
export const errorElement = ({ code, type, text: words }: StanzaError): XmlElement =>
  xml('error', { type }, xml(code, { xmlns: NS.stanzaErrors }), words === undefined ? undefined : xml('text', { xmlns: NS.stanzaErrors }, words));

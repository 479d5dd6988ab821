/** Errors of stanzas (RFC 6120 §8.3): read from what came back, and thrown to be sent back. */
import { ChatError, type Retry } from '../base/errors.js';
import { attr, child, elements, is, NS, text, xml, type XmlElement } from './xml.js';

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

const TYPES: readonly StanzaErrorType[] = ['auth', 'cancel', 'continue', 'modify', 'wait'];

/** The error that a stanza of type error carries. */
export const readError = (stanza: XmlElement): StanzaError => {
  const error = child(stanza, 'error', NS.client) ?? xml('error');
  const type = attr(error, 'type');
  const condition = elements(error).find(element => element.name !== 'text' && is(element, element.name, NS.stanzaErrors));
  return new StanzaError(condition?.name ?? 'undefined-condition', TYPES.find(known => known === type), text(error, 'text', NS.stanzaErrors) || undefined);
};

/** The child element of a stanza of type error. */
export const errorElement = ({ code, type, text: words }: StanzaError): XmlElement =>
  xml('error', { type }, xml(code, { xmlns: NS.stanzaErrors }), words === undefined ? undefined : xml('text', { xmlns: NS.stanzaErrors }, words));

/** Errors of stanzas (RFC 6120 §8.3): read from what came back, and thrown to be sent back. */
import type { XmlElement } from './xml.js';

export interface StanzaErrorCondition {
  /** Defined condition of RFC 6120 §8.3.3. */
  readonly code: string;
  /** The sender's own words, if any. */
  readonly text?: string;
}

/** The error of a stanza of type error; undefined if it is none. */
export const stanzaError = (stanza: XmlElement): StanzaErrorCondition | undefined => {
  throw new Error(stanza.name);
};

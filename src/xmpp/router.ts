/** Hands each stanza to the most specific claim; observers hear all of them and disturb nobody. */
import type { XmlElement } from './xml.js';

/** How a stanza came here. */
export type Origin =
  | { readonly kind: 'live' }
  | { readonly kind: 'carbon'; readonly direction: 'sent' | 'received' }
  /** A result of the archive `archive` (bare JID) under its `id`; `stamp` in milliseconds since 1970. */
  | { readonly kind: 'archive'; readonly archive: string; readonly id: string; readonly stamp: number };

export interface Routed {
  readonly stanza: XmlElement;
  readonly origin: Origin;
}

/** The shape of a stanza that a handler wants. The more is said, the more specific it is; a child weighs more than a type. */
export interface Claim {
  readonly kind: 'message' | 'presence' | 'iq';
  readonly type?: string;
  readonly child?: { readonly name: string; readonly ns: string };
}

/**
 * `handle` owns the stanza: it settles when all that it says is stored, and only then it counts as received (XEP-0198).
 * For an IQ of type get or set it returns the child elements of the result, or throws a StanzaError to be sent.
 * `observe` hears it beside the owner.
 */
export type StanzaHandler =
  | { readonly claim: Claim; handle(routed: Routed): void | XmlElement | undefined | Promise<void | XmlElement | undefined> }
  | { readonly claim: Claim; observe(routed: Routed): void };

export interface Router {
  /** Hands a stanza to its owner; settles when the owner is done. Never rejects at the network: a handler that throws is reported under its owner's id. Rejects only when the stanza could not be stored and must be sent again. */
  route(stanza: XmlElement, origin: Origin): Promise<void>;
}

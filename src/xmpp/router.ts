/** Hands each stanza to the most specific claim; observers hear all of them and disturb nobody. */
import { ChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { ReadonlySignal } from '../base/signal.js';
import type { Contribution } from '../base/slot.js';
import { errorElement, StanzaError } from './stanza-error.js';
import { attr, child, xml, type XmlElement } from './xml.js';

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

/**
 * The shape of a stanza that a handler wants. The more is said, the more specific it is; a child weighs more than a type.
 * A message without a known type is `normal` (RFC 6121 §5.2.2), a presence without one is `available`.
 * As an error repeats what was sent, a claim on a child gets one only if it names the type `error` too.
 */
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

export interface RouterParts {
  readonly handlers: ReadonlySignal<readonly Contribution<StanzaHandler>[]>;
  readonly log: Log;
  /** Sends the answer to an IQ. */
  reply(stanza: XmlElement): void;
}

const MESSAGE_TYPES: readonly string[] = ['chat', 'error', 'groupchat', 'headline', 'normal'];

const typeOf = (stanza: XmlElement): string => {
  const type = attr(stanza, 'type');
  if (stanza.name === 'message') return type !== undefined && MESSAGE_TYPES.includes(type) ? type : 'normal';
  return type ?? (stanza.name === 'presence' ? 'available' : '');
};

/** How well a claim fits: 0 not at all, else the higher the more specific. */
const fit = (claim: Claim, stanza: XmlElement, type: string): number => {
  if (claim.kind !== stanza.name || (claim.type ?? type) !== type) return 0;
  if (!claim.child) return claim.type === undefined ? 1 : 2;
  if (type === 'error' && claim.type !== 'error') return 0;
  if (!child(stanza, claim.child.name, claim.child.ns)) return 0;
  return claim.type === undefined ? 3 : 4;
};

/** Whether an error means that the stanza is not safe yet, rather than that it could not be dealt with. */
const mustComeAgain = (error: unknown): boolean => error instanceof ChatError && (error.domain === 'storage' || (error.domain === 'internal' && error.retry === 'later'));

export const createRouter = ({ handlers, log, reply }: RouterParts): Router => {
  const answer = (request: XmlElement, type: 'result' | 'error', payload: XmlElement | undefined): void =>
    reply(xml('iq', { type, to: attr(request, 'from'), id: attr(request, 'id') }, payload));

  const answerError = (request: XmlElement, error: unknown): void =>
    answer(request, 'error', errorElement(error instanceof StanzaError ? error : new StanzaError('internal-server-error', 'wait')));

  const route = async (stanza: XmlElement, origin: Origin): Promise<void> => {
    const routed: Routed = { stanza, origin };
    const type = typeOf(stanza);
    const asks = stanza.name === 'iq' && (type === 'get' || type === 'set') && origin.kind === 'live';
    let best = 0;
    let owner: Contribution<Extract<StanzaHandler, { handle: unknown }>> | undefined;
    for (const contribution of handlers.peek()) {
      const { owner: id, value } = contribution;
      const score = fit(value.claim, stanza, type);
      if (score === 0) continue;
      if ('handle' in value) {
        if (score > best) [best, owner] = [score, { owner: id, value }];
        continue;
      }
      try {
        value.observe(routed);
      } catch (error) {
        log.for(id).report(error);
      }
    }
    if (!owner) {
      if (asks) answerError(stanza, new StanzaError('service-unavailable'));
      return;
    }
    try {
      const result = await owner.value.handle(routed);
      if (asks) answer(stanza, 'result', result ?? undefined);
    } catch (error) {
      if (asks) answerError(stanza, error);
      if (!(error instanceof StanzaError)) log.for(owner.owner).report(error);
      if (!asks && mustComeAgain(error)) throw error;
    }
  };
  return { route };
};

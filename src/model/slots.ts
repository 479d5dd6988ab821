/** The extension points of the model: kinds of conversations, and the steps that messages pass on their way in and out. */
import { defineSlot } from '../base/slot.js';
import type { Step } from '../base/pipeline.js';
import type { ConversationKind } from './kind.js';
import type { InboundAnswer, InboundDraft } from './inbound-draft.js';
import type { OutboundDraft } from './outbound-draft.js';

/** The order is fixed: a sealed message is opened before it is read, and read before anything is concluded from it. */
export const INBOUND_PHASES = ['open', 'read', 'apply'] as const;
/** `compose` and `stamp` run when a message is written, `seal` at the last moment before it is sent. */
export const OUTBOUND_PHASES = ['compose', 'stamp', 'seal'] as const;

export type InboundStep = Step<(typeof INBOUND_PHASES)[number], InboundDraft, InboundAnswer | undefined | void>;
export type OutboundPhase = (typeof OUTBOUND_PHASES)[number];
export type OutboundStep = Step<OutboundPhase, OutboundDraft, undefined | void>;

export const conversationKinds = defineSlot<ConversationKind>('conversationKinds');
export const inbound = defineSlot<InboundStep>('inbound');
export const outbound = defineSlot<OutboundStep>('outbound');

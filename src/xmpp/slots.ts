/** The extension points of the protocol floor. */
import { defineSlot } from '../base/slot.js';
import type { StanzaHandler } from './router.js';

export const stanzaHandlers = defineSlot<StanzaHandler>('stanzaHandlers');
/** A feature of service discovery (XEP-0030); the caps hash follows by itself. */
export const discoFeatures = defineSlot<string>('discoFeatures');

/** Answers pings (XEP-0199); asking is in `alive`. */
import type { Registry } from '../base/slot.js';
import { discoFeatures, stanzaHandlers } from './slots.js';
import { PING_NS } from './xep/0199-ping.js';

/** Answers from now on, until it is disposed. */
export const createPing = (registry: Registry): { dispose(): void } => {
  const offs = [
    registry.add(stanzaHandlers, { claim: { kind: 'iq', type: 'get', child: { name: 'ping', ns: PING_NS } }, handle: () => undefined }, 'ping'),
    registry.add(discoFeatures, PING_NS, 'ping'),
  ];
  return {
    dispose: () => {
      for (const off of offs) void off();
    },
  };
};

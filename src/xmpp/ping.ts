/** Answers pings (XEP-0199); that the session asks them is in `alive`. */
import type { Log } from '../base/log.js';
import type { Registry } from '../base/slot.js';
import type { Session } from './session.js';
import { discoFeatures, stanzaHandlers } from './slots.js';
import { PING_NS } from './xep/0199-ping.js';

export interface PingParts {
  readonly session: Session;
  readonly registry: Registry;
  readonly log: Log;
}

export const createPing = ({ registry }: PingParts): { dispose(): void } => {
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

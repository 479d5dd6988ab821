/** Answers pings (XEP-0199); that the session asks them is in `alive`. */
import type { Log } from '../base/log.js';
import type { Registry } from '../base/slot.js';
import type { Session } from './session.js';

export interface PingParts {
  readonly session: Session;
  readonly registry: Registry;
  readonly log: Log;
}

export const createPing = (parts: PingParts): { dispose(): void } => {
  throw new Error(parts.session.domain);
};

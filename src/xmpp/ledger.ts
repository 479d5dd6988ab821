/** The claims of what was written, in order, until their fates are known. */
import type { Log } from '../base/log.js';
import type { DeliveryParts } from './delivery.js';

export interface Ledger {
  readonly size: number;
  add(claim: string | undefined): void;
  /** The oldest `count` are with the server. */
  acknowledge(count: number): void;
  lose(): void;
}

export const createLedger = (tell: DeliveryParts['tell'], log: Log): Ledger => {
  let claims: (string | undefined)[] = [];
  const told = (claim: string | undefined, fate: 'acknowledged' | 'lost'): void => {
    if (claim !== undefined) tell(claim, fate).catch((error: unknown) => log.report(error));
  };
  return {
    get size() {
      return claims.length;
    },
    add: claim => void claims.push(claim),
    acknowledge: count => {
      for (const claim of claims.splice(0, count)) told(claim, 'acknowledged');
    },
    lose: () => {
      const lost = claims;
      claims = [];
      for (const claim of lost) told(claim, 'lost');
    },
  };
};

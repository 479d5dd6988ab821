/** For servers without stream management: an answered ping shows that the server has read what was written before it. */
import type { Delivery, DeliveryParts } from './delivery.js';
import { createLedger } from './ledger.js';

/** `ping` tells whether it was answered, and does not reject. */
export const createPingDelivery = ({ put, tell, log, ping }: DeliveryParts & { ping(): Promise<boolean> }): Delivery => {
  const ledger = createLedger(tell, log);
  let asking = false;
  let ended = false;

  const ask = async (): Promise<void> => {
    const count = ledger.size;
    if ((await ping()) && !ended) ledger.acknowledge(count);
    asking = false;
    if (ledger.size > 0) start();
  };
  const start = (): void => {
    if (asking || ended) return;
    asking = true;
    // After all that is being written now.
    queueMicrotask(() => void ask());
  };

  return {
    send: (stanza, claim) => {
      put(stanza);
      if (claim === undefined) return Promise.resolve();
      ledger.add(claim);
      start();
      return Promise.resolve();
    },
    received: () => () => undefined,
    take: () => false,
    probe: () => void ping(),
    farewell: () => undefined,
    end: () => {
      ended = true;
      ledger.lose();
    },
  };
};

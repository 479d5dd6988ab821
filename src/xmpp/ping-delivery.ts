/** For servers without stream management: an answered ping shows that the server has read what was written before it. */
import type { Delivery, DeliveryParts, Fate } from './delivery.js';
import { createHandover } from './handover.js';
import { notConnected, trouble } from './trouble.js';

/** After so many pings in a row without an answer the connection is of no use, whatever else comes: nothing more is handed over without one. */
const MOST_UNANSWERED = 2;

/** `ping` tells whether it was answered, and does not reject. */
export const createPingDelivery = ({ storage, log, put, tell, abandon, ping }: DeliveryParts & { ping(): Promise<boolean> }): Delivery => {
  /** Written, and not known to be with the server; the oldest first. */
  let claims: string[] = [];
  let asking = false;
  let unanswered = 0;
  let ended = false;

  const told = (all: readonly string[], fate: Fate): void => {
    for (const claim of all) tell(claim, fate).catch((error: unknown) => log.report(error));
  };
  const ask = async (): Promise<void> => {
    const { length } = claims;
    const answered = await ping();
    asking = false;
    if (ended) return;
    unanswered = answered ? 0 : unanswered + 1;
    if (answered) told(claims.splice(0, length), 'acknowledged');
    else if (unanswered === MOST_UNANSWERED) return abandon(trouble('connection-lost', 'no answer to pings'));
    start();
  };
  const start = (): void => {
    if (asking || ended || claims.length === 0) return;
    asking = true;
    // After all that is being written now.
    queueMicrotask(() => void ask());
  };

  const handover = createHandover({
    storage,
    log,
    round: () => undefined,
    accept: batch => {
      const its = batch.flatMap(({ claim }) => claim ?? []);
      if (ended) return told(its, 'unsent');
      for (const { xml } of batch) put(xml);
      claims.push(...its);
      return start();
    },
    fenced: abandon,
  });

  return {
    resumable: false,
    send: (stanza, claim) => (ended ? Promise.reject(notConnected()) : handover.add(stanza, claim)),
    received: () => () => undefined,
    take: () => false,
    probe: () => void ping(),
    farewell: () => undefined,
    end: () => {
      ended = true;
      handover.stop();
      told(claims, 'lost');
      claims = [];
    },
  };
};

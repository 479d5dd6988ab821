/** How far an own message got, told by several witnesses: the furthest counts. */
import { DELIVERY_STATES, type DeliveryError, type DeliveryState } from '../entities/message.js';
import type { Transaction } from './port.js';
import type { Row } from './schema.js';

/** The later of two states in the order of DELIVERY_STATES. */
export const later = (a: DeliveryState | undefined, b: DeliveryState | undefined): DeliveryState | undefined =>
  DELIVERY_STATES[Math.max(a ? DELIVERY_STATES.indexOf(a) : -1, b ? DELIVERY_STATES.indexOf(b) : -1)];

/** A row with another state; a reason is kept only while it has failed. */
export const withState = ({ state: _state, error: _error, ...row }: Row, state: DeliveryState | undefined, error: DeliveryError | undefined): Row => ({
  ...row,
  ...(state === undefined ? {} : { state }),
  ...(state === 'failed' && error ? { error } : {}),
});

/**
 * A row with what a sighting proves. It settles the fate of a message that was under way, and its outbox entry goes;
 * a message that a person asked to send, or to send again, is still to be sent: what was seen may be an earlier attempt.
 */
export const withSighting = async (tx: Transaction, row: Row, seen: DeliveryState, known: boolean): Promise<Row> => {
  const key = [row.account, row.id];
  const entry = known ? await tx.get('outbox', key) : undefined;
  if (entry && !entry.attempted) return row;
  if (entry && later(seen, 'sent') === seen) tx.delete('outbox', key);
  return withState(row, later(row.state, seen), row.error);
};

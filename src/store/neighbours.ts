/** The places next to a place. */
import type { Transaction } from './port.js';
import { last } from './position.js';

/** The places that are taken already, those of the same transaction included. */
export interface Neighbours {
  next(position: string): Promise<string | undefined>;
  previous(position: string): Promise<string | undefined>;
}

/** The places next to a position: of the rows, and of `taken`, which grows while a transaction hands out more. */
export const neighbours = (tx: Transaction, prefix: readonly string[], taken: readonly string[]): Neighbours => ({
  next: async position => {
    const rows = await tx.all('messages', { index: 'order', prefix, after: position, first: 1 });
    return [...rows.map(row => row.position), ...taken.filter(other => other > position)].sort()[0];
  },
  previous: async position => {
    const rows = await tx.all('messages', { index: 'order', prefix, before: position, last: 1 });
    return last([...rows.map(row => row.position), ...taken.filter(other => other < position)]);
  },
});

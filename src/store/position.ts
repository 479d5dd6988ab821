/** Places in a conversation are strings between strings; only this file knows how they are made. */
import { generateNKeysBetween } from 'fractional-indexing';

/** Room that is left before what follows a hole, so that the hole can be filled without the strings growing. */
const ROOM = 2000;

/** The last of some positions; empty if there is none. */
export const last = (positions: readonly string[]): string => positions.reduce((most, position) => (position > most ? position : most), '');

/** `count` positions in order after `lower` (empty: the beginning) and before `upper` (undefined: the end), as near to `lower` as can be, or to `upper`. */
export const between = (lower: string, upper: string | undefined, count: number, near: 'lower' | 'upper' = 'lower'): readonly string[] => {
  if (upper === undefined || lower === '') return generateNKeysBetween(lower || null, upper ?? null, count);
  const side = near === 'lower' ? generateNKeysBetween(lower, null, count) : generateNKeysBetween(null, upper, count);
  const fits = side.every(position => position > lower && position < upper);
  // Counting on keeps positions short; only where that does not fit they grow by a letter.
  return fits ? side : generateNKeysBetween(lower, upper, count);
};

/** A position after `lower` with room in between. */
export const farAfter = (lower: string): string => last(between(lower, undefined, ROOM));

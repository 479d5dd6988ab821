/** Places in a conversation are strings between strings; only this file knows how they are made. */

/** A place is a number of this many digits to the base of 36, and more digits behind it if it lies between two numbers. Those behind it never end with 0, so there is room before each. */
const WIDTH = 7;
const BASE = 36;
/** Where a conversation begins: half of all numbers are before it, for its history. */
const MIDDLE = BASE ** WIDTH / 2;

/** Room that is left before what follows a hole, so that the hole can be filled without the strings growing. */
const ROOM = 2000;

const placeOf = (number: number): string => number.toString(BASE).padStart(WIDTH, '0');
const numberOf = (position: string): number => (position ? Number.parseInt(position.slice(0, WIDTH), BASE) : MIDDLE);
const counted = (first: number, count: number): readonly string[] => Array.from({ length: count }, (_, index) => placeOf(first + index));

/** The last of some positions; empty if there is none. */
export const last = (positions: readonly string[]): string => positions.reduce((most, position) => (position > most ? position : most), '');

/** A short position between two others. */
const middle = (lower: string, upper: string): string => {
  let digits = '';
  let bounded = true;
  for (let index = 0; ; index += 1) {
    const low = Number.parseInt(lower[index] ?? '0', BASE);
    const high = bounded ? Number.parseInt(upper[index] ?? '0', BASE) : BASE;
    if (high - low > 1) return digits + Math.floor((low + high) / 2).toString(BASE);
    digits += low.toString(BASE);
    // Behind a smaller digit than the upper one's, any digit may follow.
    if (high > low) bounded = false;
  }
};

const inside = (lower: string, upper: string, count: number): readonly string[] => {
  if (count === 0) return [];
  const half = middle(lower, upper);
  const left = Math.floor(count / 2);
  return [...inside(lower, half, left), half, ...inside(half, upper, count - left - 1)];
};

/** `count` positions in order after `lower` (empty: the beginning) and before `upper` (undefined: the end), as near to `lower` as can be, or to `upper`. */
export const between = (lower: string, upper: string | undefined, count: number, near: 'lower' | 'upper' = 'lower'): readonly string[] => {
  const side = upper === undefined || (lower && near === 'lower') ? counted(numberOf(lower) + 1, count) : counted(numberOf(upper) - count, count);
  const fits = side.every(position => position > lower && (upper === undefined || position < upper));
  // Counting on keeps positions short; only where that does not fit they grow by a digit.
  return fits || upper === undefined ? side : inside(lower, upper, count);
};

/** A position after `lower` with room in between. */
export const farAfter = (lower: string): string => placeOf(numberOf(lower) + ROOM);

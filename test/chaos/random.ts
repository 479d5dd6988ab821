/** Chance that can be had again: everything that a chaos run leaves to chance, but for the machine itself, comes from one seed. */

/** A fault lasts, and a writer rests, for a time: nothing is waited for here. */
export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms));

export interface Chance {
  /** At least 0, less than 1. */
  next(): number;
  /** A whole number from `from` up to and with `to`. */
  between(from: number, to: number): number;
  /** Chance of its own for a purpose, so that what one purpose uses up moves nothing for the others. */
  fork(purpose: string): Chance;
}

/** The same seed gives the same chance on every machine. */
export const chance = (seed: string): Chance => {
  // FNV-1a over the seed starts a mulberry32.
  let state = 0x81_1c_9d_c5;
  for (const sign of seed) state = Math.imul(state ^ (sign.codePointAt(0) ?? 0), 0x01_00_01_93);
  const next = (): number => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    next,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    fork: purpose => chance(`${seed}/${purpose}`),
  };
};

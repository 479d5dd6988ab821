/** Tells what became of stanzas to whoever handed them over, also when that is another page by now that listens late. */
import type { Disposable } from '../base/disposer.js';
import type { Fate } from './delivery.js';

export type FateListener = (claim: string, fate: Fate) => Promise<void>;

export interface Fates {
  /** Settles as the listener does; waits for one where there is none. */
  tell(claim: string, fate: Fate): Promise<void>;
  /** An earlier page handed these over, and their fates will be told. */
  expect(claims: readonly string[]): void;
  /** Whether a fate is still to come, or has not been dealt with. */
  expects(claim: string): boolean;
  /** Hears every fate from now on, and those that nobody has heard yet; one listener at a time. */
  listen(run: FateListener): Disposable;
}

export const createFates = (): Fates => {
  const expected = new Set<string>();
  let waiting: ((run: FateListener) => void)[] = [];
  let listener: FateListener | undefined;
  return {
    tell: async (claim, fate) => {
      expected.add(claim);
      const run = listener ?? (await new Promise<FateListener>(resolve => waiting.push(resolve)));
      try {
        await run(claim, fate);
      } finally {
        expected.delete(claim);
      }
    },
    expect: claims => {
      for (const claim of claims) expected.add(claim);
    },
    expects: claim => expected.has(claim),
    listen: run => {
      listener = run;
      const unheard = waiting;
      waiting = [];
      for (const hear of unheard) hear(run);
      return () => {
        if (listener === run) listener = undefined;
      };
    },
  };
};

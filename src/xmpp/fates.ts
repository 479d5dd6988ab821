/** Tells what became of stanzas to whoever handed them over, also when that is another page by now that listens late. */
import type { Disposable } from '../base/disposer.js';
import type { Fate } from './delivery.js';

export type FateListener = (claim: string, fate: Fate) => Promise<void>;

export interface Fates {
  /** Settles as the listener does; waits for one where there is none. */
  tell(claim: string, fate: Fate): Promise<void>;
  /** Hears every fate from now on, and those that nobody has heard yet; one listener at a time. */
  listen(run: FateListener): Disposable;
}

export const createFates = (): Fates => {
  let waiting: ((run: FateListener) => void)[] = [];
  let listener: FateListener | undefined;
  return {
    tell: (claim, fate) =>
      new Promise((resolve, reject) => {
        const tell = (run: FateListener): void => void run(claim, fate).then(resolve, reject);
        if (listener) tell(listener);
        else waiting.push(tell);
      }),
    listen: run => {
      listener = run;
      const unheard = waiting;
      waiting = [];
      for (const tell of unheard) tell(run);
      return () => {
        if (listener === run) listener = undefined;
      };
    },
  };
};

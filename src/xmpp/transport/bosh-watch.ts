/** Notices that the server of a BOSH session cannot be reached, which the session bears in silence for a while, and that it can be again. */
import type { Disposable } from '../../base/disposer.js';
import type { Environment } from '../../base/environment.js';
import { isPassing } from './bosh-trouble.js';

export interface WatchParts {
  readonly environment: Environment;
  readonly fetch: typeof globalThis.fetch;
  /** True: a request failed. False: one was answered again. */
  tell(failing: boolean): void;
  /** Makes the server say something: what is repeated may be held for a minute though all is well again. */
  probe(): void;
}

export interface Watch {
  /** The same as was given, watched. */
  readonly fetch: typeof globalThis.fetch;
  stop(): void;
}

/** What is repeated at once has its chance before the server is asked. */
const ASK_MS = 500;

/** Nothing is told before a first request has failed. */
export const createWatch = ({ environment, fetch, tell, probe }: WatchParts): Watch => {
  let failing = false;
  let over = false;
  let asking: Disposable = () => undefined;
  const note = (now: boolean): void => {
    if (over || now === failing) return;
    failing = now;
    void asking();
    if (failing) asking = environment.timer(ASK_MS, probe);
    tell(failing);
  };
  return {
    fetch: async (input, init) => {
      try {
        const response = await fetch(input, init);
        note(isPassing(response.status));
        return response;
      } catch (error) {
        // What we took back ourselves says nothing.
        if (!init?.signal?.aborted) note(true);
        throw error;
      }
    },
    stop: () => {
      over = true;
      void asking();
    },
  };
};

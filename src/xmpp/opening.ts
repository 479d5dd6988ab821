/** Opens the stream at one endpoint, in time. */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import type { Endpoint } from './endpoint.js';
import { asTrouble, disconnected, located, trouble } from './trouble.js';

/** One endpoint that is being tried. */
export interface Attempt<T> {
  /** Settles when the stream is open; rejects with what was wrong. */
  readonly opened: Promise<T>;
  /** Lets go of it without a trace; called at most once, and never after it failed by itself. */
  drop(): void;
}

/** The stream that is open, and where. */
export interface Winner<T> {
  readonly endpoint: Endpoint;
  readonly opened: T;
}

/** How long one endpoint has to open its stream. */
const OPEN_MS = 15_000;

/**
 * Tries one endpoint, which has 15 s, and settles with its stream once that is open. Rejects with a ChatError that says where it happened; with network/no-endpoint
 * where there is none to try, with network/disconnected when `signal` ends it.
 */
export const openAt = <T>(endpoint: Endpoint | undefined, attempt: (endpoint: Endpoint) => Attempt<T>, environment: Environment, signal: AbortSignal): Promise<Winner<T>> =>
  new Promise((resolve, reject) => {
    if (!endpoint) throw trouble('no-endpoint');
    if (signal.aborted) throw disconnected();
    let tried: Attempt<T>;
    try {
      tried = attempt(endpoint);
    } catch (error) {
      return reject(located(asTrouble(error), endpoint.url));
    }
    const end = (): void => {
      void deadline();
      signal.removeEventListener('abort', abort);
    };
    const failed = (error: unknown): void => {
      end();
      reject(located(asTrouble(error), endpoint.url));
    };
    const abort = (): void => {
      tried.drop();
      end();
      reject(disconnected());
    };
    const deadline: Disposable = environment.timer(OPEN_MS, () => {
      failed(trouble('time-out', `${endpoint.url}, ${OPEN_MS} ms`));
      tried.drop();
    });
    signal.addEventListener('abort', abort);
    tried.opened.then(opened => {
      end();
      resolve({ endpoint, opened });
    }, failed);
    return undefined;
  });

/** Which of a server's endpoints is used: tried in order, with BOSH beside a WebSocket that is slow to open; the first stream that opens wins. */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import type { ChatError } from '../base/errors.js';
import type { Endpoint } from './endpoint.js';
import { asTrouble, disconnected, located, trouble } from './trouble.js';

/** One endpoint that is being tried. */
export interface Attempt<T> {
  /** Settles when the stream is open; rejects with what was wrong. */
  readonly opened: Promise<T>;
  /** Lets go of it without a trace; called at most once, and never after it failed by itself. */
  drop(): void;
}

export interface Winner<T> {
  readonly endpoint: Endpoint;
  readonly opened: T;
}

/** How long one endpoint has to open its stream. */
const OPEN_MS = 15_000;
/** How long a WebSocket may be pending before BOSH starts beside it. */
const PATIENCE_MS = 3_000;

/** What tells people little, the least first; all else tells more. A part of ours that is not there says nothing about the server. */
const DULL: readonly string[] = ['chunk-not-loaded', 'server-error', 'connection-lost', 'time-out', 'unreachable', 'certificate-or-unreachable'];
const telling = ({ code }: ChatError): number => (DULL.includes(code) ? DULL.indexOf(code) : DULL.length);

/**
 * Tries endpoints in their order, each as soon as the one before has failed. 3 s after the beginning the first BOSH endpoint starts beside a WebSocket that is
 * still pending. Settles with the first stream that opens; all others are dropped. Each has 15 s. If all fail, rejects with the ChatError
 * that tells most, which says where it happened; with network/disconnected when `signal` ends it.
 */
export const firstToOpen = <T>(endpoints: readonly Endpoint[], attempt: (endpoint: Endpoint) => Attempt<T>, environment: Environment, signal?: AbortSignal): Promise<Winner<T>> =>
  new Promise((resolve, reject) => {
    const untried = [...endpoints];
    /** How each of those that are pending is given up. */
    const pending = new Map<Endpoint, () => void>();
    let worst: ChatError | undefined;

    const finish = (settle: () => void): void => {
      void patience();
      signal?.removeEventListener('abort', abort);
      for (const giveUp of [...pending.values()]) giveUp();
      settle();
    };
    const abort = (): void => finish(() => reject(disconnected()));

    const failed = (error: ChatError, endpoint: Endpoint): void => {
      if (!worst || telling(error) > telling(worst)) worst = located(error, endpoint.url);
      if (untried.length > 0) start(untried[0]);
      else if (pending.size === 0) finish(() => reject(worst ?? trouble('no-endpoint')));
    };

    const start = (endpoint: Endpoint | undefined): void => {
      if (!endpoint) return;
      untried.splice(untried.indexOf(endpoint), 1);
      let tried: Attempt<T>;
      try {
        tried = attempt(endpoint);
      } catch (error) {
        return failed(asTrouble(error), endpoint);
      }
      /** Only the first of its ends counts. */
      const ends = (): boolean => {
        void deadline();
        return pending.delete(endpoint);
      };
      const giveUp = (): void => {
        if (ends()) tried.drop();
      };
      const deadline: Disposable = environment.timer(OPEN_MS, () => {
        giveUp();
        failed(trouble('time-out', `${endpoint.url}, ${OPEN_MS} ms`), endpoint);
      });
      pending.set(endpoint, giveUp);
      tried.opened.then(
        opened => {
          if (ends()) finish(() => resolve({ endpoint, opened }));
        },
        (error: unknown) => {
          if (ends()) failed(asTrouble(error), endpoint);
        },
      );
    };

    const patience = environment.timer(PATIENCE_MS, () => {
      if ([...pending.keys()].some(({ transport }) => transport === 'websocket')) start(untried.find(({ transport }) => transport === 'bosh'));
    });
    signal?.addEventListener('abort', abort);
    if (signal?.aborted) abort();
    else if (untried.length > 0) start(untried[0]);
    else finish(() => reject(trouble('no-endpoint')));
  });

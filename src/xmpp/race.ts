/** Which of a server's endpoints is used: tried in order, with BOSH beside a WebSocket that is slow to open; the first stream that opens wins. */
import type { Environment } from '../base/environment.js';
import type { ChatError } from '../base/errors.js';
import type { Endpoint } from './endpoint.js';
import { openAt, type Attempt, type Winner } from './opening.js';
import { asTrouble, disconnected, trouble } from './trouble.js';

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
export const firstToOpen = <T>(endpoints: readonly Endpoint[], attempt: (endpoint: Endpoint) => Attempt<T>, environment: Environment, signal: AbortSignal): Promise<Winner<T>> =>
  new Promise((resolve, reject) => {
    const untried = [...endpoints];
    const pending = new Set<Endpoint>();
    /** Gives up those that are pending. */
    const over = new AbortController();
    let worst: ChatError | undefined;

    const finish = (settle: () => void): void => {
      void patience();
      signal.removeEventListener('abort', abort);
      over.abort();
      settle();
    };
    const abort = (): void => finish(() => reject(disconnected()));

    const start = (endpoint: Endpoint | undefined): void => {
      if (!endpoint) return;
      untried.splice(untried.indexOf(endpoint), 1);
      pending.add(endpoint);
      let tried: Attempt<T> | undefined;
      openAt(endpoint, its => (tried = attempt(its)), environment, over.signal).then(
        // Of two that open in the same turn the second comes too late.
        winner => (over.signal.aborted ? tried?.drop() : finish(() => resolve(winner))),
        (thrown: unknown) => {
          if (over.signal.aborted) return;
          pending.delete(endpoint);
          const error = asTrouble(thrown);
          if (!worst || telling(error) > telling(worst)) worst = error;
          if (untried.length > 0) start(untried[0]);
          else if (pending.size === 0) finish(() => reject(worst ?? trouble('no-endpoint')));
        },
      );
    };

    const patience = environment.timer(PATIENCE_MS, () => {
      if ([...pending].some(({ transport }) => transport === 'websocket')) start(untried.find(({ transport }) => transport === 'bosh'));
    });
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    else if (untried.length > 0) start(untried[0]);
    else finish(() => reject(trouble('no-endpoint')));
  });

/** An IndexedDB that goes wrong where a test wants it to: the browser's own, with one request, or all from there on, that do not do what they should. */

/**
 * `full`: there is no room for what is put · `broken`: the request fails and its transaction with it · `gone`: the connection is lost under the transaction ·
 * `hung`: no answer ever comes, and the transaction stays open · `silent`: all is written, but nobody is told.
 */
export type Fault = 'full' | 'broken' | 'gone' | 'hung' | 'silent';

export interface FaultyIndexedDB {
  /** How many requests were made. */
  readonly count: number;
  /** Whether the fault has come to pass. */
  readonly struck: boolean;
  restore(): void;
}

const NAMES = {
  store: ['get', 'getAll', 'openKeyCursor', 'count', 'put', 'delete'],
  index: ['getAll', 'openKeyCursor', 'count'],
} as const;

/** A request that nothing ever happens to. */
const mute = (): IDBRequest => Object.create(IDBRequest.prototype, { onsuccess: { writable: true }, onerror: { writable: true } }) as IDBRequest;

/** A request that fails and takes its transaction with it, as the browser would have it. */
const failing = (tx: IDBTransaction, name: string): IDBRequest => {
  const error = new DOMException('made up', name);
  const request = Object.defineProperty(mute(), 'error', { value: error });
  Object.defineProperty(tx, 'error', { value: error });
  queueMicrotask(() => {
    request.onerror?.(new Event('error'));
    queueMicrotask(() => {
      try {
        tx.abort();
      } catch {
        // It is over by then.
      }
    });
  });
  return request;
};

/** Makes request number `at` (from 1) go wrong, and with `onwards` all that follow. */
export const faultyIndexedDB = (fault: Fault | undefined, at = 0, onwards = false): FaultyIndexedDB => {
  const restores: (() => void)[] = [];
  let count = 0;
  let struck = false;
  const strikes = (): boolean => {
    count += 1;
    return fault !== undefined && (count === at || (onwards && count > at));
  };
  const patch = (prototype: Record<string, unknown>, name: string, transactionOf: (target: object) => IDBTransaction): void => {
    const original = prototype[name] as (...given: unknown[]) => IDBRequest;
    prototype[name] = function (this: object, ...given: unknown[]): IDBRequest {
      const really = (): IDBRequest => original.call(this, ...given);
      if (!strikes()) return really();
      if (fault === 'full' && name !== 'put') return really();
      struck = true;
      const tx = transactionOf(this);
      if (fault === 'silent') {
        // Whoever listens is not told; it is committed all the same.
        tx.addEventListener('complete', event => event.stopImmediatePropagation());
        Object.defineProperty(tx, 'oncomplete', { configurable: true, set: () => undefined });
        return really();
      }
      if (fault === 'gone') {
        tx.db.close();
        return failing(tx, 'AbortError');
      }
      if (fault === 'hung') {
        // Keeps the transaction open: as long as it is asked for something, it does not end.
        const ask = (): void => {
          try {
            tx.objectStore(tx.objectStoreNames[0] ?? '').getKey(['', '']).onsuccess = ask;
          } catch {
            // Given up.
          }
        };
        ask();
        return mute();
      }
      return failing(tx, fault === 'full' ? 'QuotaExceededError' : 'UnknownError');
    };
    restores.push(() => {
      prototype[name] = original;
    });
  };
  for (const name of NAMES.store) patch(IDBObjectStore.prototype as unknown as Record<string, unknown>, name, target => (target as IDBObjectStore).transaction);
  for (const name of NAMES.index) patch(IDBIndex.prototype as unknown as Record<string, unknown>, name, target => (target as IDBIndex).objectStore.transaction);
  return {
    get count() {
      return count;
    },
    get struck() {
      return struck;
    },
    restore: () => {
      for (const undo of restores.splice(0)) undo();
    },
  };
};

/** Has the store's patience, which it counts in steps of 100 ms, pass in steps of `ms`; the returned function undoes it. */
export const pace = (ms: number): (() => void) => {
  const { setTimeout: original } = globalThis;
  const paced = (run: () => void, wanted?: number): ReturnType<typeof setTimeout> => original(run, wanted === 100 ? ms : wanted);
  globalThis.setTimeout = paced as typeof setTimeout;
  return () => {
    globalThis.setTimeout = original;
  };
};

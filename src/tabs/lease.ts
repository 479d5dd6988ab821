/** One tab at a time holds an account: by Web Locks, which the browser hands on by itself when a tab closes or crashes. */

export interface Lease {
  /** Waits for its turn; idempotent. */
  request(): void;
  /** Takes it from whoever holds it: because it was offered, or because the holder does not answer any more. */
  steal(): void;
  /** Gives it back, or stops waiting. */
  release(): void;
  /** Whether another tab waits for it. */
  wanted(): Promise<boolean>;
}

export interface LeaseParts {
  /** The same for all tabs that share. */
  readonly name: string;
  readonly locks: LockManager;
  onHeld(): void;
  /** It was stolen. */
  onLost(): void;
  /** There are no locks here after all (a page that may not store anything). */
  onRefused(error: unknown): void;
}

interface Wish {
  readonly aborter: AbortController;
  done(): void;
}

/** Options without ancestors: what a page puts onto the prototype of all objects would count as given. */
export const lockOptions = (options: LockOptions): LockOptions => Object.assign(Object.create(null) as LockOptions, options);

/** A lease that nobody asked for yet. */
export const createLease = ({ name, locks, onHeld, onLost, onRefused }: LeaseParts): Lease => {
  let wish: Wish | undefined;

  const release = (): void => {
    const last = wish;
    wish = undefined;
    last?.aborter.abort();
    last?.done();
  };

  const ask = (how: (signal: AbortSignal) => LockOptions): void => {
    const aborter = new AbortController();
    const mine: Wish = { aborter, done: () => undefined };
    wish = mine;
    locks
      .request(name, lockOptions(how(aborter.signal)), () =>
        wish === mine
          ? new Promise<void>(resolve => {
              mine.done = resolve;
              onHeld();
            })
          : undefined,
      )
      .catch((error: unknown) => {
        // What was released is over, whatever the browser says to it.
        if (wish !== mine) return;
        wish = undefined;
        if (error instanceof DOMException && error.name === 'AbortError') onLost();
        else onRefused(error);
      });
  };

  return {
    request: () => {
      if (!wish) ask(signal => ({ signal }));
    },
    steal: () => {
      release();
      ask(() => ({ steal: true }));
    },
    release,
    wanted: async () => (await locks.query()).pending?.some(lock => lock.name === name) ?? false,
  };
};

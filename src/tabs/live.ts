/** Values that are alive only (presence, typing): the tab that holds the session writes them, every tab reads them. */
import { signal, type Signal } from '../base/signal.js';

export interface LiveValues {
  /** The value with a name; `initial` counts only where there is none yet. Must be plain data. Writes count in the tab that holds the session. */
  live<T>(name: string, initial: T): Signal<T>;
}

/** A value that is not as it was: as a whole, or what of a map was put and removed. */
export type LiveChange = { readonly name: string } & ({ readonly value: unknown } | { readonly put: ReadonlyMap<unknown, unknown>; readonly gone: readonly unknown[] });

/** Live values that are kept the same in several tabs. */
export interface SharedLiveValues extends LiveValues {
  snapshot(): ReadonlyMap<string, unknown>;
  /** Takes over what another tab wrote. */
  take(change: LiveChange): void;
}

/** Only the entries that differ: a presence is not told with ten thousand others. */
const difference = (before: ReadonlyMap<unknown, unknown>, after: ReadonlyMap<unknown, unknown>): { readonly put: ReadonlyMap<unknown, unknown>; readonly gone: readonly unknown[] } => ({
  put: new Map([...after].filter(([key, value]) => !before.has(key) || before.get(key) !== value)),
  gone: [...before.keys()].filter(key => !after.has(key)),
});

interface Value {
  readonly signal: Signal<unknown>;
  /** What another tab wrote last; told to nobody. */
  taken?: { readonly value: unknown } | undefined;
}

/** Live values of one chat; `wrote` hears of each write here. */
export const createLiveValues = (wrote: (change: LiveChange) => void = () => undefined): SharedLiveValues => {
  const values = new Map<string, Value>();

  const of = (name: string, initial: unknown): Value => {
    const present = values.get(name);
    if (present) return present;
    const made: Value = { signal: signal(initial) };
    values.set(name, made);
    let before = initial;
    made.signal.subscribe(value => {
      const last = before;
      before = value;
      if (value === last || (made.taken && made.taken.value === value)) return;
      made.taken = undefined;
      wrote({ name, ...(last instanceof Map && value instanceof Map ? difference(last, value) : { value }) });
    });
    return made;
  };

  return {
    live: <T>(name: string, initial: T) => of(name, initial).signal as Signal<T>,
    snapshot: () => new Map([...values].map(([name, value]) => [name, value.signal.peek()])),
    take: change => {
      const made = of(change.name, undefined);
      const now = made.signal.peek();
      let value: unknown;
      if ('put' in change) {
        const next = new Map(now instanceof Map ? (now as ReadonlyMap<unknown, unknown>) : []);
        for (const key of change.gone) next.delete(key);
        for (const [key, each] of change.put) next.set(key, each);
        value = next;
      } else ({ value } = change);
      made.taken = { value };
      made.signal.value = value;
    },
  };
};

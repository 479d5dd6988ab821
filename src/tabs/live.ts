/** Values that are alive only (presence, typing): the tab that holds the session writes them, every tab reads them. */
import { signal, type Signal } from '../base/signal.js';

export interface LiveValues {
  /** The value with a name; `initial` counts only where there is none yet. Must be plain data. Writes count in the tab that holds the session. */
  live<T>(name: string, initial: T): Signal<T>;
}

/** Live values with what it takes to keep them the same in several tabs. */
export interface LiveSet extends LiveValues {
  readonly all: ReadonlyMap<string, Signal<unknown>>;
  /** Hears of each value that is made from now on. */
  made: ((name: string, value: Signal<unknown>) => void) | undefined;
}

export const createLiveValues = (): LiveSet => {
  const all = new Map<string, Signal<unknown>>();
  const set: LiveSet = {
    all,
    made: undefined,
    live: <T>(name: string, initial: T) => {
      let value = all.get(name);
      if (!value) {
        value = signal<unknown>(initial);
        all.set(name, value);
        set.made?.(name, value);
      }
      return value as Signal<T>;
    },
  };
  return set;
};

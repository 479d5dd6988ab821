/** Values that are alive only (presence, typing): the tab that holds the session writes them, every tab reads them. */
import { signal, type Signal } from '../base/signal.js';

export interface LiveValues {
  /** The value with a name; `initial` counts only for who asks first. Must be plain data. */
  live<T>(name: string, initial: T): Signal<T>;
}

/** Live values of one chat; this tab holds the session itself. */
export const createLiveValues = (): LiveValues => {
  const values = new Map<string, Signal<unknown>>();
  return {
    live: <T>(name: string, initial: T): Signal<T> => {
      let value = values.get(name);
      if (!value) values.set(name, (value = signal<unknown>(initial)));
      return value as Signal<T>;
    },
  };
};

/** Typed events: one listener that throws does not silence the next. */
import type { Disposable } from './disposer.js';

type Listener<T> = (value: T) => void;

/** Delivers events named by the keys of `Events` to their listeners, in the order of their adding. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Listens; the returned function is its own undo. */
  on<K extends keyof Events>(event: K, listener: Listener<Events[K]>): Disposable {
    let listeners = this.#listeners.get(event);
    if (!listeners) this.#listeners.set(event, (listeners = new Set()));
    const entry: Listener<Events[K]> = value => listener(value);
    listeners.add(entry);
    return () => {
      listeners.delete(entry);
    };
  }

  emit<K extends keyof Events>(event: K, value: Events[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])]) {
      try {
        (listener as Listener<Events[K]>)(value);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}

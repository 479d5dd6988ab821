/** Extension points are typed constants; what was contributed to them hangs on one registry per chat. */
import { computed, signal, type ReadonlySignal, type Signal } from './signal.js';
import type { Disposable } from './disposer.js';

declare const type: unique symbol;

/** A place that takes any number of values of type T. Compare by identity. */
export interface Slot<T> {
  readonly name: string;
  readonly [type]?: (value: T) => T;
}

/** A place that takes one value of type T. Compare by identity. */
export interface Service<T> {
  readonly service: string;
  readonly [type]?: (value: T) => T;
}

/** Declares an extension point; `name` is for messages only. */
export const defineSlot = <T>(name: string): Slot<T> => Object.freeze({ name });

/** Declares a service; `name` is for messages only. */
export const defineService = <T>(name: string): Service<T> => Object.freeze({ service: name });

/** A value and the id of the plugin or feature that added it. */
export interface Contribution<T> {
  readonly owner: string;
  readonly value: T;
}

/** All contributions to slots and services of one chat. */
export class Registry {
  /** By slot or service; a service has one at most. */
  readonly #contributions = new Map<object, Signal<readonly Contribution<unknown>[]>>();

  /** Adds a value; the same value added twice to a slot is one. Returns what takes it away again. */
  add<T>(slot: Slot<T>, value: NoInfer<T>, owner: string): Disposable {
    return this.#of(slot).peek().some(entry => entry.value === value) ? () => undefined : this.#add(slot, { owner, value });
  }

  /** What was contributed to a slot, in the order of its adding, as a signal. */
  all<T>(slot: Slot<T>): ReadonlySignal<readonly Contribution<T>[]> {
    return this.#of(slot) as ReadonlySignal<readonly Contribution<T>[]>;
  }

  /** Offers a service. Throws when another owner offers it already. */
  provide<T>(service: Service<T>, value: NoInfer<T>, owner: string): Disposable {
    const [present] = this.#of(service).peek();
    if (present) throw new Error(`“${owner}” offers the service “${service.service}”, which “${present.owner}” offers already`);
    return this.#add(service, { owner, value });
  }

  /** Who offers a service now, as a signal; undefined while nobody does. */
  find<T>(service: Service<T>): ReadonlySignal<Contribution<T> | undefined> {
    return computed(() => this.#of(service).value[0] as Contribution<T> | undefined);
  }

  #add(place: object, entry: Contribution<unknown>): Disposable {
    const entries = this.#of(place);
    entries.value = [...entries.peek(), entry];
    return () => {
      entries.value = entries.peek().filter(other => other !== entry);
    };
  }

  #of(place: object): Signal<readonly Contribution<unknown>[]> {
    let entries = this.#contributions.get(place);
    if (!entries) this.#contributions.set(place, (entries = signal<readonly Contribution<unknown>[]>([])));
    return entries;
  }
}

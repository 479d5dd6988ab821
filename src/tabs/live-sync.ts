/** Keeps live values the same in several tabs: what is written here is told, what is told is written here. */
import type { Signal } from '../base/signal.js';
import type { LiveChange } from './channel.js';
import type { LiveSet } from './live.js';

export interface LiveSync {
  /** All values as they are. */
  snapshot(): ReadonlyMap<string, unknown>;
  /** Takes over what another tab wrote. */
  take(change: LiveChange): void;
  dispose(): void;
}

/** Only the entries that differ: a presence is not told with ten thousand others. */
const difference = (before: ReadonlyMap<unknown, unknown>, after: ReadonlyMap<unknown, unknown>): { readonly put: ReadonlyMap<unknown, unknown>; readonly gone: readonly unknown[] } => ({
  put: new Map([...after].filter(([key, value]) => !before.has(key) || before.get(key) !== value)),
  gone: [...before.keys()].filter(key => !after.has(key)),
});

/** `wrote` hears of each write here. */
export const syncLive = (set: LiveSet, wrote: (change: LiveChange) => void): LiveSync => {
  const stops: (() => void)[] = [];
  /** What another tab wrote last; told to nobody. */
  const taken = new Map<string, { readonly value: unknown }>();

  const watch = (name: string, value: Signal<unknown>): void => {
    let before = value.peek();
    stops.push(
      value.subscribe(now => {
        const last = before;
        before = now;
        if (now === last || (taken.has(name) && taken.get(name)?.value === now)) return;
        taken.delete(name);
        wrote({ name, ...(last instanceof Map && now instanceof Map ? difference(last, now) : { value: now }) });
      }),
    );
  };
  for (const [name, value] of set.all) watch(name, value);
  set.made = watch;

  return {
    snapshot: () => new Map([...set.all].map(([name, value]) => [name, value.peek()])),
    take: change => {
      const target = set.live<unknown>(change.name, undefined);
      let value: unknown;
      if ('put' in change) {
        const now = target.peek();
        const next = new Map(now instanceof Map ? (now as ReadonlyMap<unknown, unknown>) : []);
        for (const key of change.gone) next.delete(key);
        for (const [key, each] of change.put) next.set(key, each);
        value = next;
      } else ({ value } = change);
      taken.set(change.name, { value });
      target.value = value;
    },
    dispose: () => {
      set.made = undefined;
      for (const stop of stops) stop();
    },
  };
};

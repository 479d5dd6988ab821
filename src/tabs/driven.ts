/** The machine as the session of all tabs sees it: seen while any of them is, and with timers that other tabs can push, as those of hidden tabs stretch. */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import { computed, signal, type Signal } from '../base/signal.js';

export interface Driven {
  readonly environment: Environment;
  /** Whether another tab can be seen. */
  readonly seen: Signal<boolean>;
  /** Runs what is due. */
  push(): void;
  /** Runs who waits for it; called by who owns the real event. */
  hide(): void;
  wake(): void;
}

const listeners = (onError: (error: unknown) => void) => {
  const all = new Set<() => void>();
  return {
    add: (run: () => void): Disposable => {
      const mine = (): void => run();
      all.add(mine);
      return () => void all.delete(mine);
    },
    run: (): void => {
      for (const each of [...all]) {
        try {
          each();
        } catch (error) {
          onError(error);
        }
      }
    },
  };
};

export const driveEnvironment = (environment: Environment, onError: (error: unknown) => void): Driven => {
  const seen = signal(false);
  const timers = new Set<{ readonly at: number; run(): void }>();
  const hiding = listeners(onError);
  const waking = listeners(onError);
  return {
    environment: {
      ...environment,
      visible: computed(() => environment.visible.value || seen.value),
      onHide: hiding.add,
      onWake: waking.add,
      timer: (ms, job) => {
        const timer = {
          at: environment.ticks() + ms,
          run: () => {
            void cancel();
            job();
          },
        };
        const stop = environment.timer(ms, timer.run);
        const cancel = (): void => {
          timers.delete(timer);
          void stop();
        };
        timers.add(timer);
        return cancel;
      },
    },
    seen,
    push: () => {
      const now = environment.ticks();
      for (const timer of [...timers]) if (timer.at <= now && timers.has(timer)) timer.run();
    },
    hide: hiding.run,
    wake: waking.run,
  };
};

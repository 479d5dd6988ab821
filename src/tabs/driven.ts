/** Timers that other tabs can push, as those of a hidden tab stretch. */
import type { Environment } from '../base/environment.js';

export interface DrivenTimers {
  readonly timer: Environment['timer'];
  /** Runs what is due. */
  push(): void;
}

export const driveTimers = (environment: Environment): DrivenTimers => {
  const timers = new Set<{ readonly at: number; run(): void }>();
  return {
    timer: (ms, job) => {
      const timer = {
        at: environment.ticks() + ms,
        run: () => {
          cancel();
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
    push: () => {
      const now = environment.ticks();
      for (const timer of [...timers]) if (timer.at <= now && timers.has(timer)) timer.run();
    },
  };
};

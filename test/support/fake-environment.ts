/** A machine whose clock stands still until a test moves it. */
import type { Disposable } from '../../src/base/disposer.js';
import { forgetfulMemory, type Environment } from '../../src/base/environment.js';
import { signal, type Signal } from '../../src/base/signal.js';
import { settle } from './quiet.js';

export interface FakeEnvironment extends Environment {
  readonly visible: Signal<boolean>;
  readonly online: Signal<boolean>;
  /** How many timers wait, and how many listeners there are: both nothing after a clean end. */
  readonly left: number;
  /** Moves the clock, running what is due at its time, and lets promises and sockets settle after each step. */
  advance(ms: number): Promise<void>;
  /** The machine sleeps: the clock jumps, and what became due meanwhile runs late. */
  sleep(ms: number): Promise<void>;
  /** Only the wall clock jumps: somebody set it, or the machine slept and its timers with it. */
  setClock(by: number): void;
  wake(): void;
  hide(): void;
  freeze(): void;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

export const fakeEnvironment = (start = 1_700_000_000_000): FakeEnvironment => {
  let now = start;
  /** How far the wall clock is ahead of the steady one. */
  let ahead = 0;
  const timers = new Set<Timer>();
  const waking = new Set<() => void>();
  const hiding = new Set<() => void>();
  const freezing = new Set<() => void>();
  const listen = (listeners: Set<() => void>, run: () => void): Disposable => {
    const mine = (): void => run();
    listeners.add(mine);
    return () => void listeners.delete(mine);
  };
  const next = (until: number): Timer | undefined => [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  const run = (timer: Timer): void => {
    timers.delete(timer);
    timer.run();
  };
  return {
    visible: signal(true),
    online: signal(true),
    tabMemory: forgetfulMemory(),
    persist: () => Promise.resolve(false),
    now: () => now + ahead,
    ticks: () => now - start,
    timer: (ms, job) => {
      const timer: Timer = { at: now + ms, run: job };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    frame: () => new Promise(resolve => setTimeout(resolve)),
    onWake: job => listen(waking, job),
    onHide: job => listen(hiding, job),
    onFreeze: job => listen(freezing, job),
    get left() {
      return timers.size + waking.size + hiding.size + freezing.size;
    },
    advance: async ms => {
      const until = now + ms;
      for (let timer = next(until); timer; timer = next(until)) {
        now = Math.max(now, timer.at);
        run(timer);
        await settle();
      }
      now = until;
      await settle();
    },
    sleep: async ms => {
      now += ms;
      for (let timer = next(now); timer; timer = next(now)) run(timer);
      await settle();
    },
    setClock: by => void (ahead += by),
    wake: () => {
      for (const job of [...waking]) job();
    },
    hide: () => {
      for (const job of [...hiding]) job();
    },
    freeze: () => {
      for (const job of [...freezing]) job();
    },
  };
};

/** The port to the machine around us: the page fills it, tests fake it, the core never asks the DOM. */
import { signal, type ReadonlySignal } from './signal.js';
import type { Disposable } from './disposer.js';

export interface Environment {
  /** Whether a person can see the page. */
  readonly visible: ReadonlySignal<boolean>;
  /** Whether the machine believes it has a network. */
  readonly online: ReadonlySignal<boolean>;
  /** Called when the page comes back: visible, focused, online, out of a sleep or the back-forward cache. */
  onWake(run: () => void): Disposable;
  /** Called when the page goes away, perhaps for ever. */
  onHide(run: () => void): Disposable;
  /** Called when the page is about to be frozen: nothing of it runs any more until it wakes. */
  onFreeze(run: () => void): Disposable;
  /** Wall clock in milliseconds since 1970; for display, never for order. */
  now(): number;
  /** Milliseconds since some moment; never goes back, whatever is done to the wall clock, but may stand still while the machine sleeps. */
  ticks(): number;
  /** Runs once after `ms` milliseconds; the returned function cancels it. */
  timer(ms: number, run: () => void): Disposable;
  /** Settles before the next picture is drawn, or soon where nothing is drawn. */
  frame(): Promise<void>;
  /** Small memory that lasts as long as the tab, over reloads. */
  readonly tabMemory: TabMemory;
  /** Asks the browser to keep what is stored when room gets scarce; settles with whether it will. */
  persist(): Promise<boolean>;
}

export interface TabMemory {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
}

/** Starts to measure: how many milliseconds have passed at least, sleep of the machine included where a clock noticed it. */
export const stopwatch = ({ now, ticks }: Pick<Environment, 'now' | 'ticks'>): (() => number) => {
  const [wall, steady] = [now(), ticks()];
  return () => Math.max(now() - wall, ticks() - steady);
};

/** A tab memory that a reload empties. */
export const forgetfulMemory = (): TabMemory => {
  const values = new Map<string, string>();
  return { get: key => values.get(key), set: (key, value) => void values.set(key, value) };
};

/** An environment without a page: always visible and online. */
export const headlessEnvironment = (): Environment => ({
  visible: signal(true),
  online: signal(true),
  onWake: () => () => undefined,
  onHide: () => () => undefined,
  onFreeze: () => () => undefined,
  now: () => Date.now(),
  ticks: () => performance.now(),
  timer: (ms, run) => {
    const handle = setTimeout(run, ms);
    return () => clearTimeout(handle);
  },
  frame: () => new Promise(resolve => setTimeout(resolve, 0)),
  tabMemory: forgetfulMemory(),
  persist: () => Promise.resolve(false),
});

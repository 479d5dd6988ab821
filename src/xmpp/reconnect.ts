/** When to try again: soon at first, then ever more rarely, and not at all while the machine has no network but for a look once a minute. */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import type { ChatError } from '../base/errors.js';
import type { Problem, Status } from '../entities/status.js';

export interface Reconnect {
  /** Plans the next attempt; says what a screen shows until then. */
  plan(problem: Problem): Status;
  /** The connection stands: after a minute of calm the waiting begins again at the shortest. */
  settled(): void;
  /** The waiting begins again at the shortest: the page woke up, or a person asked. */
  reset(): void;
  /** Nothing is planned any more. */
  cancel(): void;
}

const FIRST_MS = 2_000;
const LONGEST_MS = 120_000;
const CALM_MS = 60_000;
const PROBE_MS = 60_000;

/** Whether a failure is worth another attempt: what once worked is tried for ever, and so is a visitor's chat, which nobody watches. */
export const worthRetrying = ({ retry }: ChatError, worked: boolean, visitor: boolean): boolean => retry === 'later' && (worked || visitor);

const dice = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;

/** `random` gives numbers from 0 up to 1. */
export const createReconnect = (environment: Environment, attempt: () => void, random = dice): Reconnect => {
  let failures = 0;
  let timer: Disposable = () => undefined;
  const wait = (ms: number, run: () => void): void => {
    void timer();
    timer = environment.timer(ms, run);
  };
  return {
    plan: problem => {
      if (!environment.online.peek()) {
        wait(PROBE_MS, attempt);
        return { name: 'offline' };
      }
      const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures++);
      // Half of it is chance, so that not everybody comes at once when a server is back.
      const ms = Math.round(longest / 2 + (random() * longest) / 2);
      wait(ms, attempt);
      return { name: 'waiting', at: environment.now() + ms, problem };
    },
    settled: () => wait(CALM_MS, () => (failures = 0)),
    reset: () => {
      failures = 0;
    },
    cancel: () => void timer(),
  };
};

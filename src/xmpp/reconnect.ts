/** When to try again: soon at first, then ever more rarely, not at all while the machine has no network but for a look once a minute, and not for ever where it is pointless. */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import type { ChatError } from '../base/errors.js';
import type { Problem, Status } from '../entities/status.js';

export interface Reconnect {
  /**
   * Whether a failure is worth another attempt; counts those that may not come often. `worked`: this login was good before. `patient`: what never worked
   * is tried again, too.
   */
  again(error: ChatError, worked: boolean, patient: boolean): boolean;
  /** Plans the next attempt; says what a screen shows until then. */
  plan(problem: Problem): Status;
  /** The connection stands: after a minute of calm all is forgotten. */
  settled(): void;
  /** The waiting begins again at the shortest: the page woke up, or the network is back. */
  reset(): void;
  /** All is forgotten: a person asked. */
  forget(): void;
  /** Nothing is planned any more. */
  cancel(): void;
}

const FIRST_MS = 2_000;
const LONGEST_MS = 120_000;
const CALM_MS = 60_000;
const PROBE_MS = 60_000;

/** What everybody is told at once, so that all would come at once: the first wait is up to 16 s, and all but 2 s of it is chance. */
const CROWD: readonly string[] = ['server-shutdown', 'server-full', 'policy-violation'];
const CROWD_FAILURES = 3;
/** What waiting seldom mends: after the third time without a minute of calm it is left to a person; that a server does not know a domain which never worked, at once. */
const STRIKES: readonly string[] = ['policy-violation', 'host-unknown', 'redirected'];
const MOST_STRIKES = 3;

const dice = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;

/** `random` gives numbers from 0 up to 1. */
export const createReconnect = (environment: Environment, attempt: () => void, random = dice): Reconnect => {
  let failures = 0;
  let strikes = 0;
  /** Whether a good login was refused just now, which servers do in passing. */
  let refused = false;
  /** Whether a new connection was made at once in place of one that the server had forgotten. */
  let renewed = false;
  let timer: Disposable = () => undefined;
  const wait = (ms: number, run: () => void): void => {
    void timer();
    timer = environment.timer(ms, run);
  };
  const forget = (): void => {
    failures = strikes = 0;
    refused = renewed = false;
  };
  return {
    again: ({ domain, code, retry }, worked, patient) => {
      if (domain === 'auth' && retry === 'user') {
        if (refused || !worked) return false;
        refused = true;
        // Whoever has to log in is to know soon, however long the server was away.
        failures = 0;
        return true;
      }
      if (STRIKES.includes(code) && (++strikes >= MOST_STRIKES || (!worked && code === 'host-unknown'))) return false;
      return retry === 'later' && (worked || patient);
    },
    plan: problem => {
      if (!environment.online.peek()) {
        wait(PROBE_MS, attempt);
        return { name: 'offline', at: environment.now() + PROBE_MS };
      }
      // The server itself has said so: it is there.
      if (problem.code === 'session-gone' && !renewed) {
        renewed = true;
        failures ||= 1;
        wait(0, attempt);
        return { name: 'waiting', at: environment.now(), problem };
      }
      const crowd = CROWD.includes(problem.code);
      if (crowd) failures = Math.max(failures, CROWD_FAILURES);
      const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** failures++);
      // Half of it is chance, so that not everybody comes at once when a server is back.
      const least = crowd ? FIRST_MS : most / 2;
      const ms = Math.round(least + random() * (most - least));
      wait(ms, attempt);
      return { name: 'waiting', at: environment.now() + ms, problem };
    },
    settled: () => wait(CALM_MS, forget),
    reset: () => (failures = 0),
    forget,
    cancel: () => void timer(),
  };
};

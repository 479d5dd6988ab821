/** Notices a dead connection: asks after a while of silence, and takes nothing but silence for death. */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';

export interface AliveParts {
  readonly environment: Environment;
  /** Makes the server say something. */
  probe(): void;
  /** Nothing was heard in time. */
  dead(): void;
}

export interface Alive {
  /** Anything at all came from the server. */
  heard(): void;
  /** Asks at once: the page woke up, or the network changed. */
  check(): void;
  stop(): void;
}

const SILENCE_MS = 30_000;
const ANSWER_MS = 10_000;
/** After a sleep the network itself needs time. */
const ASLEEP_MS = 60_000;
const ANSWER_AFTER_SLEEP_MS = 15_000;
/** A timer that comes this late was held up, and so perhaps was the answer. */
const LATE_MS = 5_000;

/** Watches from the moment of its making until `stop`. */
export const createAlive = ({ environment, probe, dead }: AliveParts): Alive => {
  let heardAt = environment.now();
  let asking = false;
  let timer: Disposable = () => undefined;

  const wait = (ms: number, run: () => void): void => {
    void timer();
    timer = environment.timer(ms, run);
  };

  const listen = (): void => {
    asking = false;
    // Between the bounds, whatever happened to the clock.
    wait(Math.min(SILENCE_MS, Math.max(0, heardAt + SILENCE_MS - environment.now())), () => {
      if (Math.abs(environment.now() - heardAt) < SILENCE_MS) listen();
      else ask();
    });
  };

  const ask = (again = false): void => {
    asking = true;
    const ms = environment.now() - heardAt > ASLEEP_MS ? ANSWER_AFTER_SLEEP_MS : ANSWER_MS;
    const due = environment.now() + ms;
    wait(ms, () => {
      if (!again && environment.now() - due > LATE_MS) ask(true);
      else dead();
    });
    probe();
  };

  listen();
  return {
    heard: () => {
      heardAt = environment.now();
      if (asking) listen();
    },
    check: () => {
      if (!asking) ask();
    },
    stop: () => void timer(),
  };
};

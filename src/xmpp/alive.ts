/** Notices a dead connection: asks after a while of silence, and takes nothing but silence for death. */
import type { Disposable } from '../base/disposer.js';
import { stopwatch, type Environment } from '../base/environment.js';

export interface AliveParts {
  readonly environment: Environment;
  /** Makes the server say something. */
  probe(): void;
  /** True: the server was asked and has not answered yet. False: it has. */
  doubt?(asking: boolean): void;
  /** Nothing was heard in time. */
  dead(): void;
}

export interface Alive {
  /** Anything at all came from the server. */
  heard(): void;
  /** Something went out that matters to somebody: the silence after it is not listened to as long. */
  sent(): void;
  /** Asks at once: the page woke up, or the network changed. */
  check(): void;
  stop(): void;
}

const SILENCE_MS = 30_000;
/** Of the silence after something went out. */
const SENT_MS = 10_000;
const ANSWER_MS = 10_000;
/** After a sleep the network itself needs time. */
const ASLEEP_MS = 60_000;
const ANSWER_AFTER_SLEEP_MS = 15_000;
/** A timer that comes this late was held up, and so perhaps was the answer. */
const LATE_MS = 5_000;

/** Watches from the moment of its making until `stop`. */
export const createAlive = ({ environment, probe, doubt, dead }: AliveParts): Alive => {
  let silence = stopwatch(environment);
  /** How long the silence may last before it is asked. */
  let most = SILENCE_MS;
  /** Whether the time for the answer that is waited for is long over; undefined: nobody asked. */
  let overslept: (() => boolean) | undefined;
  let timer: Disposable = () => undefined;

  const wait = (ms: number, run: () => void): void => {
    void timer();
    timer = environment.timer(ms, run);
  };

  const listen = (): void => {
    wait(Math.max(0, most - silence()), () => {
      if (silence() < most) listen();
      else ask();
    });
  };

  const ask = (again = false): void => {
    const ms = silence() > ASLEEP_MS ? ANSWER_AFTER_SLEEP_MS : ANSWER_MS;
    const asked = stopwatch(environment);
    overslept = () => !again && asked() - ms > LATE_MS;
    wait(ms, () => {
      if (overslept?.()) ask(true);
      else dead();
    });
    doubt?.(true);
    probe();
  };

  listen();
  return {
    heard: () => {
      silence = stopwatch(environment);
      most = SILENCE_MS;
      if (!overslept) return;
      overslept = undefined;
      doubt?.(false);
      listen();
    },
    sent: () => {
      const soon = silence() + SENT_MS;
      if (overslept || soon >= most) return;
      most = soon;
      listen();
    },
    check: () => {
      if (!overslept) ask();
      else if (overslept()) ask(true);
    },
    stop: () => void timer(),
  };
};

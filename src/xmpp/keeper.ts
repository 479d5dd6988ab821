/** Keeps a session online for as long as it is wanted: runs the table of its life, and does what each state asks for. */
import { Disposer } from '../base/disposer.js';
import { stopwatch, type Environment } from '../base/environment.js';
import type { ChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import { batch, signal, type ReadonlySignal } from '../base/signal.js';
import { isOnline, type Problem, type Status } from '../entities/status.js';
import { lifeAfter, TERMINAL, type LifeEvent } from './life.js';
import { createReconnect } from './reconnect.js';
import { problemOf } from './trouble.js';

export interface KeeperParts {
  readonly environment: Environment;
  readonly log: Log;
  /** For the sentences about troubles. */
  readonly params: Readonly<Record<string, string>>;
  /** Whether this login is known to be good. */
  readonly worked: boolean;
  /** What never worked is tried again all the same, as nobody watches who could. */
  readonly patient: boolean;
  /** Makes an attempt; what comes of it is told by `ready` or `failed`. */
  attempt(): void;
  /** Asks the server whether it is there. */
  check(): void;
  /** Lets go of the connection, as the page is put away. */
  leave(): void;
  /** Numbers from 0 up to 1; by default from the machine's dice. */
  random?(): number;
}

export interface Keeper {
  readonly status: ReadonlySignal<Status>;
  readonly online: ReadonlySignal<boolean>;
  /** A connection is wanted from now on; idempotent. */
  want(): void;
  /** It is wanted at once: tries or asks now, whatever was planned. */
  hurry(): void;
  /** None is wanted any more; letting go of the connection is for the caller. */
  stop(): void;
  /** Stanzas may be sent. */
  ready(): void;
  /** The server was asked whether it is there, or has answered; `failing`: it could not be reached just now. */
  doubt(asking: boolean, failing?: boolean): void;
  /** The attempt failed, or the connection broke. */
  failed(error: ChatError): void;
  dispose(): void;
}

/** Waking up does not make an attempt if the last one is more recent than this. */
const LEAST_PAUSE_MS = 2_000;

/** Nothing is wanted yet. */
export const createKeeper = ({ environment, log, params, patient, attempt, check, leave, random, ...parts }: KeeperParts): Keeper => {
  const disposer = new Disposer(error => log.report(error));
  const status = signal<Status>({ name: 'idle' });
  const online = signal(false);
  let { worked } = parts;
  let problem: Problem = { code: 'connection-lost' };
  let sinceAttempt = (): number => Infinity;
  const reconnect = createReconnect(environment, () => enter('due'), random);

  /** Whoever watches may throw, but not at us. */
  const show = (next: Status): void => {
    try {
      batch(() => {
        status.value = next;
        online.value = isOnline(next);
      });
    } catch (error) {
      log.report(error);
    }
  };

  const enter = (event: LifeEvent): void => {
    const name = lifeAfter(status.peek().name, event);
    if (!name || (disposer.disposed && name !== 'idle')) return;
    if (name === 'waiting' || name === 'offline') return show(reconnect.plan(problem));
    // What is planned while online is the calm.
    if (name !== 'online' && name !== 'verifying') reconnect.cancel();
    if (event === 'ready') reconnect.settled();
    show(name === 'failed' ? { name, problem } : { name });
    // Unless whoever watches has changed it meanwhile.
    if (status.peek().name !== name) return;
    if (name === 'sleeping') leave();
    else if (name === 'connecting') {
      sinceAttempt = stopwatch(environment);
      attempt();
    }
  };

  const wake = (): void => {
    const { name } = status.peek();
    if (TERMINAL.includes(name)) return;
    reconnect.reset();
    if (online.peek()) check();
    else if (name === 'sleeping' || sinceAttempt() >= LEAST_PAUSE_MS) enter('woken');
    else if (name === 'waiting') show(reconnect.plan(problem));
  };

  disposer.own(environment.onWake(wake));
  for (const leaves of [environment.onHide, environment.onFreeze]) disposer.own(leaves(() => enter('away')));
  let network = environment.online.peek();
  disposer.own(
    environment.online.subscribe(now => {
      if (now === network) return;
      network = now;
      enter(now ? 'plugged' : 'unplugged');
      if (now) wake();
      else if (online.peek()) check();
    }),
  );

  return {
    status,
    online,
    want: () => {
      if (TERMINAL.includes(status.peek().name)) reconnect.forget();
      enter('wanted');
    },
    hurry: () => {
      reconnect.forget();
      if (online.peek()) check();
      else enter('now');
    },
    stop: () => enter('unwanted'),
    ready: () => {
      worked = true;
      enter('ready');
    },
    doubt: (asking, failing) => {
      if (failing && online.peek()) show({ name: 'verifying', failing });
      else enter(asking ? 'asked' : 'heard');
    },
    failed: error => {
      log.info(error.message);
      problem = problemOf(error, params);
      if (!reconnect.again(error, worked, patient)) enter('refused');
      else enter(environment.online.peek() ? 'lost' : 'cut');
    },
    dispose: () => void disposer.dispose(),
  };
};

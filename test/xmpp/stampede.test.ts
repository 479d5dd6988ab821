import { expect } from '@open-wc/testing';
import { headlessEnvironment, type Environment } from '../../src/base/environment.js';
import type { ChatError } from '../../src/base/errors.js';
import { createLog } from '../../src/base/log.js';
import { createKeeper } from '../../src/xmpp/keeper.js';
import { trouble } from '../../src/xmpp/trouble.js';

const CLIENTS = 1_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const OUTAGE = 10 * MINUTE;
/** Within this time after the outage everybody is back: the longest wait, and what an attempt takes. */
const RETURN = 3 * MINUTE;

/** One clock for many machines, by the millisecond. */
const sharedClock = () => {
  let now = 0;
  const due = new Map<number, Set<() => void>>();
  const environment: Environment = {
    ...headlessEnvironment(),
    now: () => now,
    ticks: () => now,
    timer: (ms, run) => {
      const at = Math.ceil(now + ms);
      const jobs = due.get(at) ?? new Set();
      due.set(at, jobs);
      const job = (): void => run();
      jobs.add(job);
      return () => void jobs.delete(job);
    },
  };
  const runUntil = (end: number): void => {
    for (; now < end; now++) {
      for (const job of due.get(now) ?? []) {
        due.get(now)?.delete(job);
        job();
      }
      due.delete(now);
    }
  };
  return { environment, runUntil };
};

/** The same dice in every run. */
const dice = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
};

interface Outage {
  /** When attempts were made, for each client, in milliseconds since the server went. */
  readonly attempts: readonly (readonly number[])[];
  readonly online: number;
}

/**
 * All clients are online when the server goes with `end`, and come back to one that is there again after ten minutes. An attempt meanwhile takes `takes`
 * and fails with `failure`.
 */
const outage = (end: () => ChatError, failure: () => ChatError, takes: number, random = dice(20_240_503)): Outage => {
  const { environment, runUntil } = sharedClock();
  const log = createLog('stampede', () => undefined);
  const BEFORE = 2 * MINUTE;
  let gone = false;
  const attempts: number[][] = [];
  const keepers = Array.from({ length: CLIENTS }, (_, index) => {
    attempts.push([]);
    const keeper = createKeeper({
      environment,
      log,
      random,
      params: {},
      worked: false,
      patient: true,
      check: () => undefined,
      leave: () => undefined,
      attempt: () => {
        const since = environment.now() - BEFORE;
        if (gone) attempts[index]?.push(since);
        environment.timer(takes, () => {
          if (since < 0 || environment.now() - BEFORE >= OUTAGE) keeper.ready();
          else keeper.failed(failure());
        });
      },
    });
    keeper.want();
    return keeper;
  });
  runUntil(BEFORE);
  gone = true;
  for (const keeper of keepers) keeper.failed(end());
  runUntil(BEFORE + OUTAGE + RETURN);
  const online = keepers.filter(keeper => keeper.online.peek()).length;
  for (const keeper of keepers) keeper.dispose();
  return { attempts, online };
};

/** How many attempts there were in each second. */
const perSecond = ({ attempts }: Outage): readonly number[] => {
  const slots = new Array<number>((OUTAGE + RETURN) / SECOND).fill(0);
  for (const second of attempts.flat().map(at => Math.floor(at / SECOND))) slots[second] = (slots[second] ?? 0) + 1;
  return slots;
};

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
/** The fullest of some seconds, as a share of all clients. */
const fullest = (slots: readonly number[]): number => Math.max(...slots) / CLIENTS;

interface Scene {
  readonly name: string;
  readonly end: () => ChatError;
  readonly failure: () => ChatError;
  readonly takes: number;
  /** The most of all clients that may come in one second of the first two minutes. */
  readonly atFirst: number;
}

const SCENES: readonly Scene[] = [
  // All are told at once, by a server that may be back in a moment.
  { name: 'that is shut down in order, then refuses', end: () => trouble('server-shutdown'), failure: () => trouble('unreachable'), takes: 20, atFirst: 0.1 },
  // Each finds it for itself: the first attempt comes after 1 to 2 s, as if it were the only one.
  { name: 'that is killed, then refuses', end: () => trouble('connection-lost'), failure: () => trouble('unreachable'), takes: 20, atFirst: 1 },
  { name: 'that is killed, then answers nobody', end: () => trouble('connection-lost'), failure: () => trouble('time-out'), takes: 15 * SECOND, atFirst: 1 },
  // The same for those that it has to make anew: at once, and never again while it is away.
  { name: 'that has forgotten all of them, then refuses', end: () => trouble('session-gone'), failure: () => trouble('unreachable'), takes: 20, atFirst: 1 },
  { name: 'that has forgotten all of them, and forgets each again', end: () => trouble('session-gone'), failure: () => trouble('session-gone'), takes: 20, atFirst: 1 },
];
const BOUNDS = { average: 12, most: 15, later: 0.04, back: 0.04 } as const;

/** What is wrong with an outage, in words; nothing if it went well. */
const faults = (result: Outage, atFirst: number, tell: (line: string) => void = () => undefined): readonly string[] => {
  const during = result.attempts.map(made => made.filter(at => at < OUTAGE).length);
  const slots = perSecond(result);
  const end = OUTAGE / SECOND;
  const figures: readonly (readonly [string, number, number])[] = [
    ['attempts per client in ten minutes', sum(during) / CLIENTS, BOUNDS.average],
    ['attempts of one client at most', Math.max(...during), BOUNDS.most],
    ['share of all in the fullest second of the first two minutes', fullest(slots.slice(0, 120)), atFirst],
    ['of the eight minutes after them', fullest(slots.slice(120, end)), BOUNDS.later],
    ['of the two minutes after the return', fullest(slots.slice(end, end + 120)), BOUNDS.back],
    ['share of all that did not come back', 1 - result.online / CLIENTS, 0],
  ];
  tell(figures.map(([what, is, most]) => `${what}: ${is.toFixed(3)} (most ${most})`).join('; '));
  return figures.filter(([, is, most]) => is > most).map(([what]) => what);
};

describe('a thousand clients of a server', () => {
  for (const { name, end, failure, takes, atFirst } of SCENES) {
    it(`${name}, come back without a stampede`, () => {
      expect(faults(outage(end, failure, takes), atFirst, line => console.log(`A server ${name}: ${line}`))).to.deep.equal([]);
    });
  }

  it('would be a stampede without chance, or with little of it: the figures can tell', () => {
    const [shutdown] = SCENES;
    if (!shutdown) throw new Error('There is no scene.');
    const { end, failure, takes, atFirst } = shutdown;
    for (const weak of [() => 0.5, (chance => () => 0.45 + chance() / 10)(dice(7))]) {
      expect(faults(outage(end, failure, takes, weak), atFirst)).to.include('of the two minutes after the return').and.to.include('share of all in the fullest second of the first two minutes');
    }
  });
});

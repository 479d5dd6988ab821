/** Which faults happen, when and how: drawn from a seed before anything runs, so that a run can be had again. */
import type { Chance } from './random.js';

/** One fault with all that was left to chance. Times are milliseconds. */
export type Step =
  /** All connections end without a word; `wake`: the machine then says that its network is back. */
  | { readonly fault: 'cut'; readonly wait: number; readonly wake: boolean }
  /** Everything takes this long, for a while. */
  | { readonly fault: 'latency'; readonly wait: number; readonly up: number; readonly down: number; readonly lasts: number }
  /** What is written vanishes both ways and no connection ends, until the page has made another connection. */
  | { readonly fault: 'halfopen'; readonly wait: number; readonly wake: boolean }
  /** A page is loaded anew this long after it was told to send. */
  | { readonly fault: 'reload'; readonly wait: number; readonly after: number }
  /** The process of a page is killed this long after it was told to send, and another tab is opened. */
  | { readonly fault: 'crash'; readonly wait: number; readonly after: number }
  /** Another tab is opened if there are few, one is closed if there are many. */
  | { readonly fault: 'tabs'; readonly wait: number; readonly close: number }
  /** The server is killed as by a power cut and is back after a while. */
  | { readonly fault: 'restart'; readonly wait: number; readonly away: number }
  /** No way to the server until it has forgotten every session. */
  | { readonly fault: 'expire'; readonly wait: number };

export type Fault = Step['fault'];

/** Those that a resumption mends: nothing may be lost, doubled or out of order. After the others what became of a message may be unknown. */
export const mendable: readonly Fault[] = ['cut', 'latency', 'halfopen', 'reload', 'crash', 'tabs'];
export const faults: readonly Fault[] = [...mendable, 'restart', 'expire'];

/** How often each is in a hand; hands are dealt one after the other, each shuffled, so that every fault has its turn soon. */
const hand: Readonly<Record<Fault, number>> = { cut: 12, latency: 1, halfopen: 1, reload: 2, crash: 1, tabs: 2, restart: 3, expire: 2 };

/** The faults of one hand in some order. */
const deal = (chance: Chance, wanted: readonly Fault[]): readonly Fault[] => {
  const cards = wanted.flatMap(fault => Array.from({ length: hand[fault] }, () => ({ fault, at: chance.next() })));
  return cards.sort((one, other) => one.at - other.at).map(({ fault }) => fault);
};

/** Steps without end. */
export function* plan(chance: Chance, wanted: readonly Fault[]): Generator<Step, never> {
  for (let left: readonly Fault[] = []; ; left = left.slice(1)) {
    if (left.length === 0) left = deal(chance, wanted);
    const [fault] = left;
    const wait = chance.between(200, 900);
    switch (fault) {
      case 'cut': yield { fault, wait, wake: chance.next() < 0.7 }; break;
      case 'latency': yield { fault, wait, up: chance.between(0, 3_000), down: chance.between(0, 3_000), lasts: chance.between(1_000, 5_000) }; break;
      case 'halfopen': yield { fault, wait, wake: chance.next() < 0.7 }; break;
      case 'reload': yield { fault, wait, after: chance.between(0, 30) }; break;
      case 'crash': yield { fault, wait, after: chance.between(0, 30) }; break;
      case 'tabs': yield { fault, wait, close: chance.next() }; break;
      case 'restart': yield { fault, wait: wait * 2, away: chance.between(200, 2_000) }; break;
      case 'expire': yield { fault, wait: wait * 2 }; break;
      case undefined: throw new Error('No fault is wanted');
    }
  }
}

/** A step in one line. */
export const describeStep = ({ fault, ...rest }: Step): string => `${fault} ${Object.entries(rest).map(([name, value]) => `${name} ${typeof value === 'number' ? Math.round(value * 100) / 100 : String(value)}`).join(', ')}`;

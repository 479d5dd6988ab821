/** When a request of a BOSH session may be taken for arrived, is asked for again, or is given up; what servers do with one that comes too early differs. */
import { isMarked } from './bosh-body.js';
import type { Sent } from './bosh-requests.js';

export interface PaceParts {
  /** As `BoshRequests.list`. */
  readonly list: readonly Sent[];
  /** In milliseconds. */
  now(): number;
  /** How long the server may take to answer, in seconds. */
  wait(): number;
  /** As `RequestsParts.remembers`. */
  remembers(): boolean;
  /** Whether there is a session. */
  began(): boolean;
}

/** All times are milliseconds. */
export interface Pace {
  /** For a while nothing is taken for granted. */
  doubt(): void;
  /** Whether that while is not over. */
  troubled(): boolean;
  /** A request and the answer that it brought about took this long. */
  turned(ms: number): void;
  /** Whether the server answers it at once. */
  speaksUp(sent: Sent): boolean;
  /** Whether the server has it, as far as one can know. `short`: without patience. */
  arrived(sent: Sent, next?: Sent, short?: boolean): boolean;
  /** In how many it may be taken for arrived, or should be sent once more to find out. */
  whenArrived(sent: Sent, next?: Sent, short?: boolean): number;
  /** In how many an answer that was perhaps not all is asked for again. */
  whenAgain(sent: Sent, next: Sent | undefined): number;
  /** When it is given up, as `now` counts. */
  due(sent: Sent): number;
  /** Whether an empty answer now is one before its time. */
  isEarly(sent: Sent): boolean;
}

/** A request is given up this long after its answer was due; the server answers it at once when it has the next one, and before that. */
const LATE_MS = 10_000;
const OVERTAKEN_MS = 3_000;
/** So soon one is answered that makes the server speak up. */
const SPEAK_UP_MS = 5_000;
/** How long any other gets to arrive before the next follows it on a wire of its own. */
const LEAST_HEAD_START_MS = 200;
const MOST_HEAD_START_MS = 1_500;
/** So long after a failure, or after there was reason to ask whether anybody is there, what is sent is not taken for granted. */
const TROUBLED_MS = 30_000;

export const createPace = ({ list, now, wait, remembers, began }: PaceParts): Pace => {
  let doubtedAt = -Infinity;
  /** The time between a request and the answer that it brings about; the slowest of late. */
  let turn = 0;

  const elapsed = ({ postedAt }: Sent): number => now() - postedAt;
  const troubled = (): boolean => now() - doubtedAt < TROUBLED_MS;
  /** Servers answer at once what makes them speak up, ejabberd also when it is repeated; what is not answered never came. */
  const speaksUp = ({ rid, body, tries }: Sent): boolean => isMarked(body, rid) && (tries < 2 || !remembers());
  /**
   * ejabberd shelves what comes before its time, and ends the session when that comes once more, or when the one before is held meanwhile. So when anything
   * was in trouble, the next one waits until this one is known to be there: if it is sent again, the server answers the copy before.
   */
  const mustKnow = ({ tries }: Sent, next: Sent | undefined): boolean => !remembers() && began() && (troubled() || tries > 1 || (next !== undefined && next.tries > 0));
  const quick = (): number => Math.min(MOST_HEAD_START_MS, Math.max(LEAST_HEAD_START_MS, 2 * turn));
  const headStart = ({ wary }: Sent, short = false): number => (wary && !short ? MOST_HEAD_START_MS : quick());
  const whenArrived: Pace['whenArrived'] = (sent, next, short) => (mustKnow(sent, next) ? quick() * 2 ** sent.copies : headStart(sent, short)) - elapsed(sent);
  const arrived: Pace['arrived'] = (sent, next, short) =>
    sent.proven || sent.answer !== undefined || (sent.on !== undefined && !speaksUp(sent) && !mustKnow(sent, next) && whenArrived(sent, next, short) <= 0);

  return {
    doubt: () => {
      doubtedAt = now();
    },
    troubled,
    turned: ms => {
      turn = Math.max(turn / 2, ms);
    },
    speaksUp,
    arrived,
    whenArrived,
    // It is all there when the next request has arrived.
    whenAgain: (sent, next) => {
      if (next ? arrived(next) : list.at(-1) !== sent) return 0;
      return remembers() && next?.on ? headStart(next) - Math.min(elapsed(next), elapsed(sent)) : Infinity;
    },
    due: sent => {
      // Prosody never lets go of one that it has shelved, and then answers that for ever: it is not given up before the one that it waits for.
      if (remembers() && list.some(({ rid, proven, answer }) => rid < sent.rid && !proven && !answer)) return Infinity;
      const later = list.filter(({ rid, on, answer }) => rid > sent.rid && (on ?? answer));
      const since = (at: number, ms: number): number => Math.max(sent.postedAt, at) + ms;
      if (speaksUp(sent) && !sent.proven) return since(0, sent.tries === 1 ? SPEAK_UP_MS : LATE_MS);
      return Math.min(since(0, wait() * 1000 + LATE_MS), ...later.map(other => (other.answer ? since(other.answeredAt, OVERTAKEN_MS) : since(other.postedAt, remembers() && speaksUp(other) ? SPEAK_UP_MS : LATE_MS))));
    },
    isEarly: sent => sent.tries === 1 && elapsed(sent) < wait() * 1000 - LEAST_HEAD_START_MS,
  };
};

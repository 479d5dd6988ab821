/** The requests of a BOSH session that are not done with: sent in order, repeated until they are answered, and their answers handed on in order (XEP-0124 §14). */
import type { Disposable } from '../../base/disposer.js';
import type { Environment } from '../../base/environment.js';
import type { ChatError } from '../../base/errors.js';
import { trouble, type Trouble } from '../trouble.js';
import { attr } from '../xml.js';
import { emptyBody, isEmpty, readBody, withMarker, withoutEcho, type Body } from './bosh-body.js';
import { createPace } from './bosh-pace.js';
import type { Outcome } from './bosh-post.js';
import { isPassing, statusTrouble } from './bosh-trouble.js';

/** A request that was sent or is to be sent now. */
export interface Sent {
  readonly rid: number;
  readonly body: string;
  /** Claims whose fate is not told yet. */
  claims: readonly string[];
  answer?: Body;
  /** The server does not know it: the next one says whether that is because it is done with, or because the session is gone. */
  unknown?: boolean;
  /** Its answer was handed on. */
  handed: boolean;
  /** It was answered, but perhaps not with all there is. */
  doubtful: boolean;
  /** The server is known to have it. */
  proven: boolean;
  tries: number;
  /** How many more of it are under way. */
  copies: number;
  /** It went out when nothing was taken for granted. */
  wary: boolean;
  postedAt: number;
  answeredAt: number;
  on?: AbortController;
}

export interface RequestsParts {
  readonly environment: Environment;
  post(body: string, signal: AbortSignal): Promise<Outcome>;
  /** The session id that answers may bear; undefined: none yet, and a request that fails is not repeated. */
  sid(): string | undefined;
  /** What it is when the first request gets no answer at all. */
  unreachable(): Trouble;
  /** How long the server may take to answer, in seconds. */
  wait(): number;
  /** Whether the server is one like Prosody, which remembers its last answers and holds on to connections that are gone. */
  remembers(): boolean;
  /** Whether the server may be asked for a sign of life in a request that had none. */
  marks(): boolean;
  /** Whether there may be two requests at a time. */
  pairs(): boolean;
  /** Whether answers may be handed on. */
  ready(): boolean;
  /** The server still knows the session. */
  onGood(): void;
  /** An answer, in the order of the requests; each once. */
  onAnswer(sent: Sent, body: Body): void;
  /** Something else may be sent now. */
  onRoom(): void;
  onEnd(error: ChatError): void;
}

export interface BoshRequests {
  /** Not done with, the oldest first. */
  readonly list: readonly Sent[];
  add(request: Pick<Sent, 'rid' | 'body' | 'claims'>): void;
  /** Those that a page before has sent, too. */
  repeat(requests: readonly Pick<Sent, 'rid' | 'body' | 'claims'>[]): void;
  /** The server has everything up to this one. */
  prove(rid: number): void;
  /** Done with: answered, and all of it stored. */
  release(sent: Sent): void;
  /** Hands on what is answered. */
  deliver(): void;
  /** What waits to be repeated is repeated at once, over a wire that nobody trusts. */
  hurry(): void;
  /** Aborts everything. */
  stop(): void;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 2_000;
/** Failures in a row after which those above are told: they know more of the network, and can go on later. */
const MOST_FAILURES = 10;
const MOST_UNREADABLE = 3;
/** Browsers have six connections to a server. */
const MOST_COPIES = 4;

const dice = (): number => (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0) / 2 ** 32;

export const createRequests = ({ environment, post, sid, unreachable, wait, remembers, marks, pairs, ready, onGood, onAnswer, onRoom, onEnd }: RequestsParts): BoshRequests => {
  const list: Sent[] = [];
  let stopped = false;
  let failures = 0;
  let unreadable = 0;
  let retry: Disposable | undefined;
  let waiting: Disposable = () => undefined;
  let watch: Disposable = () => undefined;
  const now = (): number => environment.ticks();
  const pace = createPace({ list, now, remembers, wait, began: () => sid() !== undefined });

  /**
   * What is not on its way is sent. A request that overtakes the one before is lost to ejabberd, so each waits until that has arrived, as far as one can know.
   * Prosody shelves it, and answers into the void for ever if its connection broke meanwhile; so of two that were sent before, the newer goes first to mend that.
   */
  const drive = (): void => {
    void waiting();
    if (stopped || retry) return;
    const open = list.filter(({ answer }) => !answer);
    const mends = remembers() && open.length > 1 && open.every(sent => sent.tries > 0 && !sent.proven && !sent.doubtful && !(sent.on && pace.speaksUp(sent)));
    if (mends) open.reverse();
    let soon = Infinity;
    for (const [index, sent] of open.entries()) {
      const next = open[index + 1];
      const again = sent.doubtful ? pace.whenAgain(sent, next) : 0;
      if (!sent.on && again <= 0) begin(sent);
      else if (!sent.on) soon = Math.min(soon, again);
      if (pace.arrived(sent, next, mends)) continue;
      if (sent.on && !pace.speaksUp(sent)) {
        let left = pace.whenArrived(sent, next, mends);
        // Nobody waits for a sign of one that stands alone.
        if (left <= 0 && open.length > 1) {
          if (sent.copies === MOST_COPIES) return fail(sent, 'no sign of it');
          begin(sent, sent.copies + 1);
          left = pace.whenArrived(sent, next, mends);
        }
        if (left > 0) soon = Math.min(soon, left);
      }
      break;
    }
    if (soon < Infinity) waiting = environment.timer(soon, drive);
  };

  const look = (): void => {
    void watch();
    const open = list.filter(({ on }) => on);
    if (stopped || open.length === 0) return;
    const soonest = Math.min(...open.map(pace.due));
    if (soonest === Infinity) return;
    watch = environment.timer(Math.max(0, soonest - now()), () => {
      for (const sent of open) {
        if (!sent.on || pace.due(sent) > now()) continue;
        if (pace.speaksUp(sent) && !remembers()) recover(sent, 'no answer in time');
        else fail(sent, 'no answer in time');
      }
      look();
    });
  };

  /** Sends it; a copy goes beside those that are under way, to show by the answer to one of them that it is there. */
  const begin = (sent: Sent, copies = 0): void => {
    const on = (sent.on ??= new AbortController());
    const nth = ++sent.tries;
    const body = nth > 1 && !remembers() && marks() ? withMarker(sent.body, sent.rid) : sent.body;
    const postedAt = now();
    sent.copies = copies;
    sent.wary = pace.troubled();
    sent.postedAt = postedAt;
    void post(body, on.signal).then(outcome => {
      if (sent.on !== on || stopped) return;
      const answer = answerIn(outcome, body);
      // Of a request that was sent once more an empty answer says that it is there, and none says nothing.
      if (nth < sent.tries && (!answer || isEmpty(answer))) {
        if (!answer) return;
        pace.turned(now() - postedAt);
        sent.proven = true;
        onGood();
        drive();
        return;
      }
      delete sent.on;
      if (sent.copies > 0) on.abort();
      take(sent, outcome, answer);
      look();
    });
    look();
  };

  /** What a request was answered with; undefined: nothing that can be read, or of another session. */
  const answerIn = (outcome: Outcome, request: string): Body | undefined => {
    const read = outcome.kind === 'text' ? readBody(outcome.text) : undefined;
    const its = read && attr(read.wrapper, 'sid');
    return read && (its === undefined || sid() === undefined || its === sid()) ? withoutEcho(read, request) : undefined;
  };

  const take = (sent: Sent, outcome: Outcome, answer: Body | undefined): void => {
    if (outcome.kind === 'lost') return fail(sent, outcome.why, unreachable());
    if (outcome.kind === 'status') return isPassing(outcome.status) || sid() === undefined ? fail(sent, `HTTP ${outcome.status}`) : onEnd(statusTrouble(outcome.status));
    if (!answer) return misread(sent, outcome.kind === 'text' ? 'no answer of this session' : outcome.why);
    if (attr(answer.wrapper, 'type') === 'error') return recover(sent, 'the server asks for it again');
    return hear(sent, answer);
  };

  const hear = (sent: Sent, body: Body): void => {
    failures = unreadable = 0;
    const next = list[list.indexOf(sent) + 1];
    // Prosody never answers one whose connection broke before the next one came, and knows nothing of it then; that next one knows whether the session is there.
    const unknown = remembers() && next !== undefined && next.tries > 0 && sent.tries > 1 && attr(body.wrapper, 'condition') === 'item-not-found';
    const empty = unknown || isEmpty(body);
    const good = attr(body.wrapper, 'type') === undefined;
    sent.proven ||= good || unknown;
    if (good) onGood();
    // An empty answer before its time was brought about by the next request.
    if (next?.on && empty && pace.isEarly(sent)) {
      next.proven = true;
      pace.turned(now() - next.postedAt);
    }
    // Servers keep the empty answer to a request that is repeated while they hold it, and give it to the next who asks; what they give to the one before is lost on the way.
    // When they have the next request, nothing is added any more.
    if (empty && sent.tries > 1 && pairs() && (!sent.doubtful || (remembers() && next?.on && !pace.arrived(next)))) {
      sent.doubtful = true;
      onRoom();
    } else {
      sent.unknown = unknown;
      sent.answer = unknown ? emptyBody() : body;
      sent.answeredAt = now();
      // Prosody remembers two answers, and longest the one that was asked for last: the next must be asked for again before anything is added.
      if (remembers() && sent.tries > 1 && next && !next.answer) {
        next.proven = next.doubtful = false;
        next.on?.abort();
        delete next.on;
      }
    }
    deliver();
    drive();
  };

  const fail = (sent: Sent, why: string, first: Trouble = 'unreachable'): void => {
    sent.on?.abort();
    delete sent.on;
    if (sid() === undefined) return onEnd(trouble(first, why));
    // Those that break together count once.
    if (retry) return undefined;
    if (++failures > MOST_FAILURES) return onEnd(trouble('connection-lost', why));
    const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
    retry = environment.timer(longest / 2 + (dice() * longest) / 2, hurry);
    return undefined;
  };

  const misread = (sent: Sent, why: string): void => {
    if (sid() !== undefined && ++unreadable > MOST_UNREADABLE) onEnd(trouble('bad-data', why));
    else fail(sent, why);
  };

  /** All that are not answered, up to this one, are to be repeated (XEP-0124 §17.3): a wire that lost one may have lost those before. */
  const recover = (sent: Sent, why: string): void => {
    for (const each of list) {
      if (each.rid > sent.rid || each.answer) continue;
      each.on?.abort();
      delete each.on;
    }
    fail(sent, why);
  };

  const deliver = (): void => {
    for (const [index, sent] of [...list].entries()) {
      if (sent.handed) continue;
      const next = list.slice(index + 1).find(({ unknown }) => !unknown);
      // The end says nothing of what the one before would have brought.
      if ((sent.doubtful || sent.unknown) && next?.answer?.wrapper.attrs['type'] === 'terminate') continue;
      if (!sent.answer || stopped || !ready() || (sent.unknown && !next?.answer && !next?.doubtful)) return;
      sent.handed = true;
      onAnswer(sent, sent.answer);
    }
  };

  const hurry = (): void => {
    void retry?.();
    retry = undefined;
    pace.doubt();
    drive();
  };

  const add = (requests: readonly Pick<Sent, 'rid' | 'body' | 'claims'>[], tries: number): void => {
    for (const request of requests) list.push({ ...request, handed: false, doubtful: false, proven: false, tries, copies: 0, wary: false, postedAt: 0, answeredAt: 0 });
    drive();
  };

  return {
    list,
    add: request => add([request], 0),
    repeat: requests => add(requests, 1),
    prove: rid => {
      for (const sent of list) if (sent.rid <= rid) sent.proven = true;
      drive();
    },
    release: sent => {
      list.splice(list.indexOf(sent), 1);
    },
    deliver,
    hurry,
    stop: () => {
      stopped = true;
      void retry?.();
      void waiting();
      void watch();
      for (const { on } of list) on?.abort();
    },
  };
};

/** Stream management (XEP-0198), our own: the library's acknowledges what is not stored yet, miscounts, forgets all with the page, and trips over a count that is too high. */
import type { Disposable } from '../base/disposer.js';
import { createArrivals } from './arrivals.js';
import type { Delivery, DeliveryParts, Fate } from './delivery.js';
import { createHandover } from './handover.js';
import type { ManagedState, SentStanza } from './session-storage.js';
import { notConnected, trouble } from './trouble.js';
import { resumeElement, SM_NS } from './xep/0198-stream-management.js';
import { attr, is, xml, type XmlElement } from './xml.js';

/** One connection of the stream. */
export type Line = Pick<DeliveryParts, 'put' | 'refuse' | 'abandon'>;

export interface ManagedParts extends Pick<DeliveryParts, 'environment' | 'log' | 'storage' | 'tell'> {
  readonly state: ManagedState;
  /** Whether the server lets us resume it; otherwise nothing of it is kept. */
  readonly resumable: boolean;
}

/** A stream that may go on over several connections, and on several pages. */
export interface ManagedStream {
  readonly state: ManagedState;
  /** How the server is asked to go on (§5). */
  resume(): XmlElement;
  /** Its first connection, or its next one: then `answer` is `<resumed/>`, and what the server does not have is written again. */
  connect(line: Line, answer?: XmlElement): Delivery;
  /** The server does not go on with it; `answer` may say how much it had, when it is `<failed/>`. Every fate is told. */
  fail(answer?: XmlElement): void;
}

interface Sent extends SentStanza {
  /** Whether it was ever written to a socket, as far as is known. */
  written: boolean;
  /** Whether its fate is dealt with. */
  settled: boolean;
}

const WRAP = 2 ** 32;
/** A server that answers without news is asked again after this time. */
const NO_NEWS_MS = 1_000;
/** So long an answer to our question is waited for, whatever else comes: nothing more is handed over without it. The next connection tells what is there. */
const NO_ANSWER_MS = 60_000;
/** A server's question waits this long for what is being stored, then it hears of what is stored so far. */
const STORING_MS = 1_000;
/** What came is noted at least so often, so that it need not come again. */
const NOTE_MS = 1_000;

const count = (element: XmlElement): number | undefined => {
  const text = attr(element, 'h');
  const value = text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : WRAP;
  return value < WRAP ? value : undefined;
};
const plus = (a: number, b: number): number => (a + b + WRAP) % WRAP;
/** How far `to` lies ahead of `from`; below zero: behind. */
const distance = (from: number, to: number): number => {
  const ahead = (to - from + WRAP) % WRAP;
  return ahead < WRAP / 2 ? ahead : ahead - WRAP;
};

export const createManagedStream = ({ environment, log, storage, tell, state, resumable }: ManagedParts): ManagedStream => {
  let line: Line | undefined;
  let over = false;
  /** With the server, but not all of them dealt with; then those that it has not acknowledged. The oldest first. */
  const settling: Sent[] = [];
  let queue: Sent[] = state.queue.map(sent => ({ ...sent, written: true, settled: false }));
  let acknowledged = state.acknowledged;
  let asking = false;
  let asksAgain: Disposable | undefined;
  /** How much of what came is noted in the store, how much the server asked about, and whether it still waits for the answer to that. */
  let noted = 0;
  let askedAbout = 0;
  let owed = false;
  let answers = false;
  /** The count that the server was asked to go on after. */
  let told: number | undefined;
  let storing: Disposable | undefined;
  let noting: Disposable | undefined;

  const stop = (timer: Disposable | undefined): undefined => void timer?.();
  const put = (element: XmlElement | string): void => line?.put(element);

  const answer = (): void => {
    storing = stop(storing);
    put(xml('a', { xmlns: SM_NS, h: String(plus(state.received, noted)) }));
  };
  /** The server hears only of what is noted, so that what it forgets is never more than what is known here. */
  const noteAndAnswer = (): void => {
    if (!resumable) noted = arrivals.stored;
    if (noted === arrivals.stored) return answer();
    answers = true;
    return handover.touch();
  };
  const arrivals = createArrivals(() => {
    if (owed && arrivals.stored >= askedAbout) {
      owed = false;
      noteAndAnswer();
    } else if (resumable && line) {
      noting ??= environment.timer(NOTE_MS, () => {
        noting = undefined;
        handover.touch();
      });
    }
  });

  const handover = createHandover({
    storage,
    log,
    round: () => {
      if (!resumable || over) return undefined;
      const came = arrivals.stored;
      const replying = answers;
      answers = false;
      return {
        build: batch => ({
          ...state,
          savedAt: environment.now(),
          acknowledged: plus(acknowledged, -settling.length),
          received: plus(state.received, came),
          queue: [...settling, ...queue, ...batch].map(({ xml: text, claim }) => (claim === undefined ? { xml: text } : { xml: text, claim })),
        }),
        done: stored => {
          // While the server is asked to go on after a count, that count stands.
          if (stored && told === undefined) {
            noted = came;
            // What the server is just sending again is still to be known again.
            arrivals.forget(Math.min(came, arrivals.arrived));
            noting = stop(noting);
          }
          if (replying) answer();
        },
      };
    },
    accept: batch => {
      const sent = batch.map(each => ({ ...each, written: line !== undefined, settled: false }));
      // It was stored, and is not written: no later page can be told any more that it never was.
      if (over) return settleAll(sent);
      queue.push(...sent);
      for (const { xml: text } of sent) put(text);
      if (sent.length > 0) ask();
      return undefined;
    },
    fenced: error => line?.abandon(error),
  });

  const settle = (sent: Sent, fate: Fate): void => {
    const done = (): void => {
      sent.settled = true;
      while (settling[0]?.settled) settling.shift();
    };
    if (sent.claim === undefined) done();
    else tell(sent.claim, fate).then(done, (error: unknown) => log.report(error));
  };
  const settleAll = (all: readonly Sent[]): void => {
    for (const sent of all) settle(sent, sent.written ? 'lost' : 'unsent');
  };
  const finish = (): void => {
    over = true;
    handover.stop();
    const left = queue;
    queue = [];
    settleAll(left);
  };

  const acknowledge = (h: number, news: number): void => {
    acknowledged = h;
    const done = queue.splice(0, news);
    settling.push(...done);
    for (const sent of done) settle(sent, 'acknowledged');
  };

  /** One question at a time; what is written meanwhile is asked about when the answer is there. */
  const ask = (): void => {
    if (asking || !line) return;
    asking = true;
    void asksAgain?.();
    asksAgain = environment.timer(NO_ANSWER_MS, () => line?.abandon(trouble('connection-lost', 'no acknowledgement')));
    queueMicrotask(() => put(xml('r', { xmlns: SM_NS })));
  };

  /** How many more the server has; undefined: it says what cannot be, and the stream is ended. */
  const news = (element: XmlElement): readonly [h: number, news: number] | undefined => {
    const h = count(element);
    if (h === undefined) return void line?.refuse('bad-format', trouble('bad-data', 'an acknowledgement without a count'));
    const more = distance(acknowledged, h);
    if (more <= queue.length) return [h, more];
    const sent = String(plus(acknowledged, queue.length));
    return void line?.refuse('undefined-condition', trouble('bad-data', `it acknowledged ${h} of ${sent}`), xml('handled-count-too-high', { xmlns: SM_NS, h: String(h), 'send-count': sent }));
  };

  const hear = (element: XmlElement): void => {
    const heard = news(element);
    if (!heard) return;
    const [h, more] = heard;
    // What was acknowledged stays so.
    if (more < 0) log.debug(`It acknowledges ${h} after ${acknowledged}.`);
    else acknowledge(h, more);
    asking = false;
    asksAgain = stop(asksAgain);
    if (queue.length === 0) return;
    if (more > 0) ask();
    else asksAgain = environment.timer(NO_NEWS_MS, ask);
  };

  const goOn = (element: XmlElement): void => {
    const heard = news(element);
    if (!heard) return;
    const [h, more] = heard;
    // A server that has lost some of what it had acknowledged counts on from there.
    if (more < 0) log.warn(`The server goes on after ${h}, and had acknowledged ${acknowledged}.`);
    acknowledge(h, Math.max(0, more));
    arrivals.rewind(told ?? noted);
    arrivals.forget(told ?? noted);
    told = undefined;
    for (const sent of queue) {
      sent.written = true;
      put(sent.xml);
    }
    if (queue.length > 0) ask();
  };

  const end = (mayGoOn: boolean): void => {
    line = undefined;
    asking = answers = owed = false;
    asksAgain = stop(asksAgain);
    storing = stop(storing);
    noting = stop(noting);
    if (over) return;
    if (resumable && mayGoOn) {
      handover.stop();
      handover.touch();
      return;
    }
    finish();
    if (resumable) storage.save(() => undefined).catch((error: unknown) => log.report(error));
  };

  const delivery = (mine: Line): Delivery => ({
    resumable,
    send: (stanza, claim) => (line === mine ? handover.add(stanza, claim) : Promise.reject(notConnected())),
    received: arrivals.take,
    take: element => {
      if (is(element, 'a', SM_NS)) hear(element);
      else if (is(element, 'r', SM_NS)) {
        askedAbout = arrivals.arrived;
        owed = arrivals.stored < askedAbout;
        if (owed) storing ??= environment.timer(STORING_MS, noteAndAnswer);
        else noteAndAnswer();
      } else return false;
      return true;
    },
    probe: () => put(xml('r', { xmlns: SM_NS })),
    farewell: () => {
      // Nothing is left of the stream, so nothing needs to be noted first.
      noted = arrivals.stored;
      if (arrivals.arrived > 0) answer();
    },
    end: mayGoOn => {
      if (line === mine) end(mayGoOn);
    },
  });

  return {
    state,
    resume: () => {
      told = noted;
      return resumeElement(state.id, plus(state.received, noted));
    },
    connect: (its, resumed) => {
      line = its;
      if (resumed) goOn(resumed);
      else if (resumable) handover.touch();
      return delivery(its);
    },
    fail: element => {
      const h = element && count(element);
      const more = h === undefined ? 0 : distance(acknowledged, h);
      if (h !== undefined && more > 0 && more <= queue.length) acknowledge(h, more);
      finish();
    },
  };
};

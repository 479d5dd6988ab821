/** Stream management (XEP-0198), our own: the library's acknowledges what is not stored yet, miscounts, and trips over a count that is too high. */
import type { Disposable } from '../base/disposer.js';
import type { Delivery, DeliveryParts } from './delivery.js';
import { createLedger } from './ledger.js';
import { trouble } from './trouble.js';
import { SM_NS } from './xep/0198-stream-management.js';
import { attr, is, xml, type XmlElement } from './xml.js';

export interface StreamManagementParts extends DeliveryParts {
  /** Counters to go on from; both modulo 2^32. */
  readonly from?: { readonly sent: number; readonly received: number };
}

const WRAP = 2 ** 32;
/** A server that answers without news is asked again after this time. */
const NO_NEWS_MS = 1_000;
/** A server's question waits this long for what is being stored, then it hears of what is stored so far. */
const STORING_MS = 1_000;

const count = (text: string | undefined): number | undefined => {
  const value = text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : WRAP;
  return value < WRAP ? value : undefined;
};

/** Counts from the moment of its making: right after `<enabled/>`. */
export const createStreamManagement = ({ environment, log, put: write, tell, refuse, from = { sent: 0, received: 0 } }: StreamManagementParts): Delivery => {
  const ledger = createLedger(tell, log);
  let acknowledged = from.sent;
  let asking = false;
  let ended = false;
  /** Of what came: how many, how many without a hole are stored, which beyond the hole, and how many the server asked about. */
  let arrived = 0;
  let stored = 0;
  const beyond = new Set<number>();
  let askedAbout = 0;
  let asksAgain: Disposable | undefined;
  let storing: Disposable | undefined;

  const put = (element: XmlElement): void => {
    if (!ended) write(element);
  };

  /** One question at a time; what is written meanwhile is asked about when the answer is there. */
  const ask = (): void => {
    if (asking || ended) return;
    asking = true;
    queueMicrotask(() => put(xml('r', { xmlns: SM_NS })));
  };

  const answer = (): void => {
    void storing?.();
    storing = undefined;
    put(xml('a', { xmlns: SM_NS, h: String((from.received + stored) % WRAP) }));
  };

  const answerWhenStored = (): void => {
    askedAbout = arrived;
    if (stored >= askedAbout) answer();
    else storing ??= environment.timer(STORING_MS, answer);
  };

  const hear = (answered: XmlElement): void => {
    const h = count(attr(answered, 'h'));
    if (h === undefined) return refuse('bad-format', trouble('bad-data', 'an acknowledgement without a count'));
    // Backward is far ahead, modulo 2^32.
    const news = (h - acknowledged + WRAP) % WRAP;
    if (news > ledger.size) {
      const sent = String((acknowledged + ledger.size) % WRAP);
      return refuse('undefined-condition', trouble('bad-data', `it acknowledged ${h} of ${sent}`), xml('handled-count-too-high', { xmlns: SM_NS, h: String(h), 'send-count': sent }));
    }
    acknowledged = h;
    asking = false;
    ledger.acknowledge(news);
    void asksAgain?.();
    if (ledger.size === 0) return undefined;
    if (news > 0) ask();
    else asksAgain = environment.timer(NO_NEWS_MS, ask);
    return undefined;
  };

  return {
    send: (stanza, claim) => {
      put(stanza);
      ledger.add(claim);
      ask();
      return Promise.resolve();
    },
    received: () => {
      const mine = ++arrived;
      return () => {
        beyond.add(mine);
        const before = stored;
        while (beyond.delete(stored + 1)) stored++;
        if (before < askedAbout && stored >= askedAbout) answer();
      };
    },
    take: element => {
      if (is(element, 'a', SM_NS)) hear(element);
      else if (is(element, 'r', SM_NS)) answerWhenStored();
      else return false;
      return true;
    },
    probe: () => put(xml('r', { xmlns: SM_NS })),
    farewell: () => {
      if (arrived > 0) answer();
    },
    end: () => {
      ended = true;
      void asksAgain?.();
      void storing?.();
      ledger.lose();
    },
  };
};

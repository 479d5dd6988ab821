/** What waits for the next request of a BOSH session, in order, and how much of it goes into one. */
import type { ChatError } from '../../base/errors.js';
import { BOSH_NS, XBOSH_NS, type Attributes } from './bosh-body.js';

/** A payload as text. */
export interface Payload {
  readonly xml: string;
  readonly claim?: string;
  /** It is stored with a request, which will be sent sooner or later. */
  done?(): void;
  fail?(error: ChatError): void;
}

/** What one request is made of. */
export interface Batch {
  readonly payloads: readonly Payload[];
  /** Of the wrapper. */
  readonly attrs: Attributes;
  readonly ends: boolean;
  /** Whether the server shall answer at once. */
  readonly asks: boolean;
}

export interface Queue {
  /** Whether nothing waits. */
  readonly idle: boolean;
  add(payload: Payload): void;
  /** A request of its own that starts the stream anew (XEP-0206 §5). */
  restart(attrs: Attributes): void;
  /** The last request: what waits goes with it, and nothing after it (XEP-0124 §13). */
  terminate(): void;
  /** What goes into the next request; undefined: nothing waits. */
  take(): Batch | undefined;
  /** It could not be sent: it waits again, before all else. */
  putBack(payloads: readonly Payload[]): void;
  /** Takes out what fits, in order. */
  remove(fits: (payload: Payload) => boolean): readonly Payload[];
}

/** ejabberd refuses requests of more than 64 kB as a whole; in UTF-16 code units, of which each is three bytes at most. */
const MOST = 20_000;
const TERMINATE: Attributes = { type: 'terminate' };

export const createQueue = (): Queue => {
  let payloads: Payload[] = [];
  /** Stands behind all payloads, as nothing is written until the stream goes on. */
  let restarting: Attributes | undefined;
  let ends = false;
  return {
    get idle() {
      return payloads.length === 0 && !restarting && !ends;
    },
    add: payload => void payloads.push(payload),
    restart: attrs => {
      restarting = { ...attrs, xmlns: BOSH_NS, 'xmlns:xmpp': XBOSH_NS, 'xmpp:restart': 'true' };
    },
    terminate: () => {
      ends = true;
    },
    take: () => {
      let length = 0;
      const fitting = payloads.findIndex(({ xml }, index) => (length += xml.length) > MOST && index > 0);
      const taken = payloads.splice(0, fitting < 0 ? payloads.length : fitting);
      if (taken.length === 0 && restarting) {
        const attrs = restarting;
        restarting = undefined;
        return { payloads: [], attrs, ends: false, asks: false };
      }
      const last = ends && payloads.length === 0;
      if (last) ends = false;
      return taken.length > 0 || last ? { payloads: taken, attrs: last ? TERMINATE : {}, ends: last, asks: false } : undefined;
    },
    putBack: given => {
      payloads = [...given, ...payloads];
    },
    remove: fits => {
      const removed = payloads.filter(fits);
      payloads = payloads.filter(payload => !removed.includes(payload));
      return removed;
    },
  };
};

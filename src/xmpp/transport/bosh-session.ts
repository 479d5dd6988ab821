/** One BOSH session, from its first request to its last: when the next request goes, what is in it, and what an answer means. */
import type { Disposable } from '../../base/disposer.js';
import type { Environment } from '../../base/environment.js';
import type { ChatError } from '../../base/errors.js';
import type { Log } from '../../base/log.js';
import type { Delivery, DeliveryParts } from '../delivery.js';
import type { BoshState } from '../session-storage.js';
import { notConnected, trouble } from '../trouble.js';
import { attr, type XmlElement } from '../xml.js';
import { buildBody, isEmpty, readTerms, XBOSH_NS, type Attributes, type Body, type Terms } from './bosh-body.js';
import { createBoshDelivery, type BoshDelivery } from './bosh-delivery.js';
import { post } from './bosh-post.js';
import { createQueue, type Batch, type Payload } from './bosh-queue.js';
import { bodyTrouble } from './bosh-trouble.js';
import { createRequests, type Sent } from './bosh-requests.js';

export interface BoshParts {
  readonly environment: Environment;
  readonly log: Log;
  readonly fetch: typeof globalThis.fetch;
  readonly url: string;
  /** A session to go on with; without one a new one is made. */
  readonly takeUp: BoshState | undefined;
  /** An answer came, which opens the stream if that was asked for. */
  onHeard(opens: boolean, wrapper: XmlElement): void;
  onElement(element: XmlElement): void;
  /** Called exactly once; without an error if we ended it ourselves. */
  onEnd(error?: ChatError): void;
}

export interface BoshSession {
  /** Makes the session, or starts its stream anew. */
  open(header: Attributes): void;
  /** Writes a payload. Throws ChatError network/not-connected when nothing will be written. */
  put(payload: Payload): void;
  /** Ends the session, with what waits to be written. */
  terminate(): void;
  /** The same without waiting for an answer, for a page that goes. */
  leave(): void;
  /** From now on requests are stored before they are sent. Throws ChatError network/not-connected when there is no session. */
  delivery(parts: DeliveryParts): Delivery;
  /** As `Stream.goOn`. */
  goOn(parts: DeliveryParts): Promise<Delivery>;
  /** Lets go of it; it may go on later. */
  stop(): void;
}

/** How long the server may hold a request, in seconds: less than the minute that many proxies allow. */
const WAIT = 50;
/** After an answer there is often something to say: so long it is waited for. While a login goes on there always is. */
const PAUSE_MS = 25;
const LOGIN_PAUSE_MS = 200;
const STORE_AGAIN_MS = 2_000;
/** A server that holds nothing, or a proxy before it, is asked no sooner than this, whatever it says. */
const LEAST_POLLING_MS = 2_000;

/** Random, and far below 2^53 for as many requests as there may be. */
const firstRid = (): number => {
  const [high = 0, low = 0] = crypto.getRandomValues(new Uint32Array(2));
  return (high % 2 ** 20) * 2 ** 32 + low + 1;
};

export const createBoshSession = ({ environment, log, fetch, url, takeUp, onHeard, onElement, onEnd }: BoshParts): BoshSession => {
  const queue = createQueue();
  let terms: Terms | undefined = takeUp;
  let rid = takeUp?.rid ?? firstRid();
  let delivery: BoshDelivery | undefined;
  let closed = false;
  /** A request is being stored. */
  let keeping = false;
  /** A header was written, and no answer has come since. */
  let opening = false;
  /** The server shall say something. */
  let asked = false;
  let scheduled = false;
  /** Id of the request that ends the session. */
  let lastRid: number | undefined;
  let terminating = false;
  let pause: Disposable = () => undefined;
  /** The newest request, and the newest answer. */
  let sentAt = -Infinity;
  let heardAt = -Infinity;
  let sentNothing = false;
  let heardNothing = false;
  /** Who waits for the first answer of a session that is taken up; nothing of it is handed on before they know. */
  let goingOn: { resolve(): void; reject(error: ChatError): void } | undefined;
  let held = takeUp !== undefined;

  const shut = (): boolean => {
    if (closed) return false;
    closed = true;
    void pause();
    requests.stop();
    for (const { fail } of queue.remove(() => true)) fail?.(notConnected());
    return true;
  };

  const end = (error?: ChatError): void => {
    if (!shut()) return;
    if (error) goingOn?.reject(error);
    onEnd(error);
  };

  /** The session is over for good. */
  const over = (error?: ChatError): void => {
    delivery?.over();
    end(error && goingOn ? trouble('session-gone', error.message) : error);
  };

  // It offers no pause (XEP-0124 §10) where ejabberd does.
  const remembers = (): boolean => terms?.pauses !== true;

  const requests = createRequests({
    environment,
    unreachable: () => (url.startsWith('https:') ? 'certificate-or-unreachable' : 'unreachable'),
    post: (body, signal) => post(fetch, url, body, signal),
    sid: () => terms?.sid,
    wait: () => terms?.wait ?? WAIT,
    remembers,
    marks: () => delivery !== undefined,
    pairs: () => (terms?.requests ?? 1) > 1,
    ready: () => !held || goingOn !== undefined,
    onGood: () => {
      if (!goingOn) return;
      goingOn.resolve();
      goingOn = undefined;
      // In a turn of its own: whoever went on takes what comes only after that.
      setTimeout(() => {
        held = false;
        requests.deliver();
        pump();
      });
    },
    onAnswer: (sent, body) => answered(sent, body),
    onRoom: () => {
      asked ||= remembers();
      pump();
    },
    // What only the network did can be mended later.
    onEnd: error => (error.domain === 'network' ? end(error) : over(error)),
  });

  /** In how many milliseconds a request may go that has nothing to say (XEP-0124 §11, §12); undefined: none is needed. */
  const whenEmpty = (polling: number): number | undefined => {
    const waiting = requests.list.some(({ answer, doubtful }) => !answer && !doubtful);
    if (asked) return 0;
    if (waiting) return undefined;
    const until = (at: number, ms: number): number => Math.min(ms, Math.max(0, at + ms - environment.ticks()));
    if (sentNothing && heardNothing && requests.list.length === 0) return until(sentAt, Math.max(polling * 1000, LEAST_POLLING_MS));
    return until(heardAt, delivery ? PAUSE_MS : LOGIN_PAUSE_MS);
  };

  /** Sends the next request if there is reason and room for one. */
  const pump = (): void => {
    void pause();
    const { list } = requests;
    if (closed || keeping || !terms || (held && !goingOn)) return;
    // The next request tells the server that it need not keep the answers before it any longer: not before all in them is stored.
    if (!terminating && (list.length >= terms.requests || list.some(({ answer }) => answer))) return;
    if (queue.idle) {
      const later = whenEmpty(terms.polling);
      if (later === undefined) return;
      if (later > 0) {
        pause = environment.timer(later, pump);
        return;
      }
    }
    const batch = queue.take() ?? { payloads: [], attrs: {}, ends: false, asks: asked };
    asked = false;
    void send(batch, terms.sid);
  };

  const send = async (batch: Batch, sid: string): Promise<void> => {
    const id = ++rid;
    const build = (payloads: readonly string[]): string => buildBody({ rid: String(id), sid, ...batch.attrs }, payloads);
    let request: Pick<Sent, 'rid' | 'body' | 'claims'> | undefined;
    if (delivery) {
      keeping = true;
      try {
        request = await delivery.keep(id, batch, build);
      } catch (error) {
        log.debug(`A request was not sent, as it could not be stored: ${String(error)}`);
        rid--;
        queue.putBack(batch.payloads.filter(({ fail }) => !fail));
        if (batch.ends) queue.terminate();
        void pause();
        pause = environment.timer(STORE_AGAIN_MS, pump);
      }
      keeping = false;
      if (!request) return;
    } else request = { rid: id, body: build(batch.payloads.map(({ xml }) => xml)), claims: [] };
    if (closed) return;
    if (batch.ends) lastRid = id;
    sentAt = environment.ticks();
    sentNothing = batch.payloads.length === 0 && !batch.asks && Object.keys(batch.attrs).length === 0;
    requests.add(request);
    pump();
  };

  /** All writes of one turn share a request. */
  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      pump();
    });
  };

  const answered = (sent: Sent, body: Body): void => {
    const ends = attr(body.wrapper, 'type') === 'terminate' || sent.rid === lastRid;
    terms ??= readTerms(body, WAIT);
    if (!ends && !terms) return over(trouble('bad-data', 'it made no session'));
    heardAt = environment.ticks();
    heardNothing = isEmpty(body);
    // What the server ends by itself says nothing of the requests that it answers so.
    if (!ends || terminating) delivery?.answered(sent);
    hand(body);
    delivery?.handed();
    if (ends) return over(terminating ? undefined : bodyTrouble(body));
    return settle();
  };

  const hand = ({ wrapper, elements }: Body): void => {
    onHeard(opening && attr(wrapper, 'type') === undefined, wrapper);
    opening = false;
    for (const element of elements) if (!closed && !delivery?.take(element)) onElement(element);
  };

  /** What is answered, stored and told is done with. */
  const settle = (): void => {
    for (const sent of [...requests.list]) {
      if (!sent.handed || delivery?.isSettled(sent) === false) break;
      requests.release(sent);
    }
    pump();
  };

  const put = (payload: Payload): void => {
    if (closed || terminating) throw notConnected();
    queue.add(payload);
    schedule();
  };

  const probe = (): void => {
    asked = true;
    requests.hurry();
    pump();
  };

  const deliver = (parts: DeliveryParts): Delivery => {
    if (!terms || closed) throw notConnected();
    delivery = createBoshDelivery({ terms, list: requests.list, reachedAt: () => (goingOn && takeUp ? takeUp.savedAt : environment.now()), put, unwritten: () => queue.remove(({ done }) => done !== undefined), prove: requests.prove, probe, settled: settle }, parts);
    schedule();
    return delivery.delivery;
  };

  return {
    open: ({ to, from, 'xml:lang': lang = 'en' }) => {
      opening = true;
      if (terms) {
        queue.restart({ to, 'xml:lang': lang });
        schedule();
      } else {
        const attrs = { ver: '1.11', wait: String(WAIT), hold: '1', 'xmlns:xmpp': XBOSH_NS, 'xmpp:version': '1.0' };
        requests.add({ rid, body: buildBody({ rid: String(rid), to, from, 'xml:lang': lang, ...attrs }), claims: [] });
      }
    },
    put,
    terminate: () => {
      if (!terms) return end();
      terminating = true;
      queue.terminate();
      return schedule();
    },
    leave: () => {
      if (closed || !terms) return;
      const payloads = queue.remove(({ done }) => done === undefined).map(({ xml }) => xml);
      const body = buildBody({ rid: String(++rid), sid: terms.sid, type: 'terminate' }, payloads);
      void post(fetch, url, body, null, true).then(({ kind }) => log.debug(`The goodbye ${kind === 'text' ? 'was heard' : 'got no answer'}.`));
    },
    delivery: deliver,
    goOn: parts => {
      const its = deliver(parts);
      return new Promise((resolve, reject) => {
        goingOn = { resolve: () => resolve(its), reject };
        requests.repeat(takeUp?.pending ?? []);
        // Those may be held for a minute; one more is answered, or has them answered, at once.
        probe();
      });
    },
    stop: () => void shut(),
  };
};

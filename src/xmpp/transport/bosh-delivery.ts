/** What BOSH itself does for stanzas in place of XEP-0198: requests are stored before they are sent, and an answer acknowledges what its request and those before it brought. */
import { toChatError } from '../../base/errors.js';
import type { Delivery, DeliveryParts, Fate } from '../delivery.js';
import type { BoshRequest, BoshState } from '../session-storage.js';
import { claimed, notConnected } from '../trouble.js';
import { serialize, type XmlElement } from '../xml.js';
import { answeredMarker, marker, type Terms } from './bosh-body.js';
import type { Batch, Payload } from './bosh-queue.js';
import type { Sent } from './bosh-requests.js';

/** What the delivery needs of the session that it belongs to. */
export interface DeliverySession {
  readonly terms: Terms;
  readonly list: readonly Sent[];
  /** When the server was last known to be reached, as `savedAt`. */
  reachedAt(): number;
  put(payload: Payload): void;
  /** Takes out what waits and has a claim or somebody who waits for it. */
  unwritten(): readonly Payload[];
  prove(rid: number): void;
  probe(): void;
  /** Something was stored, or told: perhaps the next request may go now. */
  settled(): void;
}

export interface BoshDelivery {
  readonly delivery: Delivery;
  /** Stores a request that is to be sent next; `build` makes its body of what may be written. Settles with it; undefined: it must not be sent. Rejects when it could not be stored. */
  keep(rid: number, batch: Batch, build: (payloads: readonly string[]) => string): Promise<BoshRequest | undefined>;
  /** Whether all that came with the answer to a request is stored, and its fates are told. */
  isSettled(sent: Sent): boolean;
  /** An answer to this request came and is about to be handed on; what it and those before it brought is with the server. */
  answered(sent: Sent): void;
  /** It was handed on as a whole. */
  handed(): void;
  /** Takes an answer that was for the delivery itself. */
  take(element: XmlElement): boolean;
  /** The session is over for good. */
  over(): void;
}

export const createBoshDelivery = (session: DeliverySession, parts: DeliveryParts): BoshDelivery => {
  const { log, storage, jid, service, csi, tell } = parts;
  const { sid } = session.terms;
  /** How much is still to be stored or told of each answer. */
  const owing = new WeakMap<Sent, number>();
  /** Claims that are being told as acknowledged. */
  const telling = new Map<string, Promise<void>>();
  let current: Sent | undefined;
  /** `gone`: for good. */
  let state: 'on' | 'left' | 'gone' = 'on';
  /** One save after the other. */
  let saving: Promise<unknown> = Promise.resolve();

  const owe = (sent: Sent): (() => void) => {
    owing.set(sent, (owing.get(sent) ?? 0) + 1);
    let paid = false;
    return () => {
      if (paid) return;
      paid = true;
      owing.set(sent, (owing.get(sent) ?? 1) - 1);
      session.settled();
    };
  };

  const told = (claim: string, fate: Fate): Promise<void> => tell(claim, fate).catch((error: unknown) => log.report(error));

  const acknowledge = (rid: number): void => {
    for (const sent of session.list) {
      for (const claim of sent.rid > rid ? [] : sent.claims) {
        if (telling.has(claim)) continue;
        const pay = owe(sent);
        const done = told(claim, 'acknowledged').then(() => {
          sent.claims = sent.claims.filter(other => other !== claim);
          telling.delete(claim);
          pay();
        });
        telling.set(claim, done);
      }
    }
  };

  const stateWith = (request: BoshRequest): BoshState => ({
    ...session.terms,
    kind: 'bosh',
    jid,
    service,
    savedAt: session.reachedAt(),
    csi,
    rid: request.rid,
    pending: [...session.list.map(({ rid, body, claims }) => ({ rid, body, claims })), request],
  });

  const store: BoshDelivery['keep'] = async (rid, batch, build) => {
    if (state !== 'on') return { rid, body: build(batch.payloads.map(({ xml: text }) => text)), claims: [] };
    const claims = batch.payloads.flatMap(({ claim, xml: text }) => (claim === undefined ? [] : [{ id: claim, xml: text }]));
    const request = (not: ReadonlySet<string>): BoshRequest => {
      const written = batch.payloads.filter(({ claim }) => claim === undefined || !not.has(claim));
      const these = written.flatMap(({ claim }) => claim ?? []);
      return { rid, body: build([...written.map(({ xml: text }) => text), ...(batch.asks || (written.length > 0 && !batch.ends) ? [marker(rid)] : [])]), claims: these };
    };
    try {
      const not = await storage.save(refusedClaims => stateWith(request(refusedClaims)), claims);
      for (const { claim, done, fail } of batch.payloads) {
        if (claim !== undefined && not.has(claim)) fail?.(claimed());
        else done?.();
      }
      const kept = request(not);
      // It was stored, and is not sent: nobody can tell a later page any more that it never was.
      if (stateNow() === 'gone') await Promise.all(kept.claims.map(claim => told(claim, 'unsent')));
      return stateNow() === 'on' ? kept : undefined;
    } catch (error) {
      const why = toChatError(error, 'storage');
      for (const { fail } of batch.payloads) fail?.(why);
      if (why.code === 'fenced') parts.abandon(why);
      throw why;
    }
  };
  /** While something was waited for, it may have changed. */
  const stateNow = (): typeof state => state;
  const keep: BoshDelivery['keep'] = (...request) => {
    const kept = store(...request);
    saving = kept;
    return kept;
  };

  const leave = (): void => {
    if (state === 'on') state = 'left';
    for (const { fail } of session.unwritten()) fail?.(notConnected());
  };

  const over = (): void => {
    if (state !== 'on') return;
    state = 'gone';
    parts.gone(sid);
    leave();
    const fates = session.list.flatMap(({ claims, tries }) => claims.map(claim => [claim, tries === 0 ? 'unsent' : 'lost'] as const));
    const end = async (): Promise<void> => {
      await Promise.allSettled([saving]);
      await Promise.all(fates.map(([claim, fate]) => telling.get(claim) ?? told(claim, fate)));
      // By now it may be another one's.
      await storage.save((_, stored) => (stored?.kind === 'bosh' && stored.sid === sid ? undefined : stored));
    };
    end().catch((error: unknown) => log.report(error, 'What is left of a connection that is gone could not be removed.'));
  };

  return {
    keep,
    isSettled: sent => (owing.get(sent) ?? 0) === 0,
    answered: sent => {
      current = sent;
      acknowledge(sent.rid);
    },
    handed: () => {
      current = undefined;
    },
    take: element => {
      const rid = answeredMarker(element);
      if (rid === undefined) return false;
      session.prove(rid);
      acknowledge(rid);
      return true;
    },
    over,
    delivery: {
      resumable: true,
      send: (stanza, claim) =>
        new Promise<void>((resolve, reject) => {
          if (state !== 'on') reject(notConnected());
          else session.put({ xml: serialize(stanza), ...(claim === undefined ? {} : { claim }), done: resolve, fail: reject });
        }),
      // What is handed on late belongs to the newest answer.
      received: () => {
        const its = current ?? session.list.findLast(({ handed }) => handed);
        return its ? owe(its) : () => undefined;
      },
      take: () => false,
      probe: () => session.probe(),
      farewell: () => undefined,
      end: resumable => (resumable ? leave() : over()),
    },
  };
};

/** Stores what is handed over before it is written: all of one turn in one transaction, one transaction after the other. */
import { toChatError, type ChatError } from '../base/errors.js';
import type { Log } from '../base/log.js';
import type { SentStanza, SessionStorage, StreamState } from './session-storage.js';
import { claimed, notConnected } from './trouble.js';
import { serialize, type XmlElement } from './xml.js';

/** What is stored with one turn. */
export interface Round {
  /** What is stored once `batch` is handed over; may be asked more than once. */
  build(batch: readonly SentStanza[]): StreamState | undefined;
  /** `stored`: all of it is, and not only what was handed over. */
  done(stored: boolean): void;
}

export interface HandoverParts {
  readonly storage: SessionStorage;
  readonly log: Log;
  /** undefined: nothing needs to be stored but claims. */
  round(): Round | undefined;
  /** These are stored, and may be written. */
  accept(batch: readonly SentStanza[]): void;
  /** Another tab holds the session. */
  fenced(error: ChatError): void;
}

export interface Handover {
  /** As `Delivery.send`. */
  add(stanza: XmlElement, claim?: string): Promise<void>;
  /** Stores what has changed, with the next turn. */
  touch(): void;
  /** What is not being stored yet is not handed over any more. */
  stop(): void;
}

interface Waiting extends SentStanza {
  resolve(): void;
  reject(error: ChatError): void;
}

export const createHandover = ({ storage, log, round, accept, fenced }: HandoverParts): Handover => {
  let waiting: Waiting[] = [];
  let touched = false;
  let running = false;

  const store = async (batch: readonly Waiting[]): Promise<void> => {
    const its = round();
    const claims = batch.flatMap(({ claim, xml }) => (claim === undefined ? [] : [{ id: claim, xml }]));
    const settle = (passed: readonly Waiting[]): void => {
      accept(passed.map(({ xml, claim }) => (claim === undefined ? { xml } : { xml, claim })));
      for (const { resolve } of passed) resolve();
    };
    if (!its && claims.length === 0) return settle(batch);
    const passes = (refused: ReadonlySet<string>): readonly Waiting[] => batch.filter(({ claim }) => claim === undefined || !refused.has(claim));
    const save = (refused: ReadonlySet<string>, what = claims): Promise<ReadonlySet<string>> =>
      storage.save(not => its?.build(passes(new Set([...refused, ...not]))), what);
    try {
      const refused = await save(new Set());
      for (const { claim, reject } of batch) if (claim !== undefined && refused.has(claim)) reject(claimed());
      settle(passes(refused));
      its?.done(true);
    } catch (thrown) {
      const error = toChatError(thrown, 'storage', 'failed', 'later');
      const lost = error.code === 'fenced' ? batch : batch.filter(({ claim }) => claim !== undefined);
      for (const { reject } of lost) reject(error);
      if (error.code === 'fenced') return fenced(error);
      log.report(error, 'What is on its way could not be stored.');
      // Without them the stream goes on, within this page.
      const without = new Set(claims.map(({ id }) => id));
      if (claims.length > 0 && its) await save(without, []).catch((again: unknown) => log.debug(String(again)));
      settle(passes(without));
      its?.done(false);
    }
    return undefined;
  };

  const run = async (): Promise<void> => {
    await Promise.resolve();
    while (waiting.length > 0 || touched) {
      const batch = waiting;
      waiting = [];
      touched = false;
      await store(batch);
    }
    running = false;
  };
  const start = (): void => {
    if (running) return;
    running = true;
    void run();
  };

  return {
    add: (stanza, claim) =>
      new Promise((resolve, reject) => {
        // As text at once: it may be changed afterwards.
        waiting.push({ xml: serialize(stanza), ...(claim === undefined ? {} : { claim }), resolve, reject });
        start();
      }),
    touch: () => {
      touched = true;
      start();
    },
    stop: () => {
      for (const { reject } of waiting) reject(notConnected());
      waiting = [];
    },
  };
};

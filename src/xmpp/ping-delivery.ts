/** What becomes of stanzas that were written, and of those that came: the common face of XEP-0198 and of what stands in for it. */
import type { Log } from '../base/log.js';
import type { XmlElement } from './xml.js';

/** What becomes of a stanza that was written: exactly one of the two is called, once. */
export interface Fate {
  /** The server has it (XEP-0198, or where that is missing an IQ round trip after it). */
  onAcknowledged?(): void;
  /** The connection broke before the server said that it has it. */
  onLost?(): void;
}

export interface Acknowledgements {
  /** One more stanza was written. */
  sent(fate?: Fate): void;
  /** One more stanza came; the returned function says that it is stored. */
  received(): () => void;
  /** Takes an element that is no stanza; false: it is somebody else's. */
  take(element: XmlElement): boolean;
  /** Makes the server say something. */
  probe(): void;
  /** The last word before the stream is closed. */
  farewell(): void;
  /** The connection is gone: what was not acknowledged is lost. */
  end(): void;
}

/** The fates of what was written, in order. */
export interface Ledger {
  readonly size: number;
  add(fate: Fate | undefined): void;
  /** The oldest `count` are with the server. */
  acknowledge(count: number): void;
  lose(): void;
}

export const createLedger = (log: Log): Ledger => {
  let fates: (Fate | undefined)[] = [];
  const tell = (run: () => void): void => {
    try {
      run();
    } catch (error) {
      log.report(error);
    }
  };
  return {
    get size() {
      return fates.length;
    },
    add: fate => void fates.push(fate),
    acknowledge: count => {
      for (const fate of fates.splice(0, count)) tell(() => fate?.onAcknowledged?.());
    },
    lose: () => {
      const lost = fates;
      fates = [];
      for (const fate of lost) tell(() => fate?.onLost?.());
    },
  };
};

/** For servers without stream management: an answered ping shows that the server has read what was written before it. `ping` tells whether it was answered, and does not reject. */
export const createPingAcknowledgements = ({ ping, log }: { ping(): Promise<boolean>; readonly log: Log }): Acknowledgements => {
  const ledger = createLedger(log);
  let asking = false;
  let ended = false;

  const ask = async (): Promise<void> => {
    const count = ledger.size;
    if ((await ping()) && !ended) ledger.acknowledge(count);
    asking = false;
    if (ledger.size > 0) start();
  };
  const start = (): void => {
    if (asking || ended) return;
    asking = true;
    // After all that is being written now.
    queueMicrotask(() => void ask());
  };

  return {
    sent: fate => {
      if (!fate) return;
      ledger.add(fate);
      start();
    },
    received: () => () => undefined,
    take: () => false,
    probe: () => void ping(),
    farewell: () => undefined,
    end: () => {
      ended = true;
      ledger.lose();
    },
  };
};

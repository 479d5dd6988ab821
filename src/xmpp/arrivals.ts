/** Counts the stanzas that come on one stream (XEP-0198 §4), and knows those again that come a second time after a break. */
import { attr, type XmlElement } from './xml.js';

export interface Arrivals {
  readonly arrived: number;
  /** How many are stored without a hole. */
  readonly stored: number;
  /** One more came; the returned function says that it is stored. undefined: it came before, and is being dealt with. */
  take(stanza: XmlElement): (() => void) | undefined;
  /** The server knows that these came: they will not come again. */
  forget(count: number): void;
  /** After a break the server begins again after these. */
  rewind(count: number): void;
}

/** Servers may add to a stanza that they send again, but not change these. */
const nameOf = (stanza: XmlElement): string => JSON.stringify([stanza.name, ...['from', 'to', 'id', 'type'].map(name => attr(stanza, name))]);

/** `onStored` hears that `stored` has grown. */
export const createArrivals = (onStored: () => void): Arrivals => {
  const known = new Map<number, { readonly name: string; stored: boolean }>();
  let arrived = 0;
  let stored = 0;
  let forgotten = 0;
  return {
    get arrived() {
      return arrived;
    },
    get stored() {
      return stored;
    },
    take: stanza => {
      const number = ++arrived;
      const mine = { name: nameOf(stanza), stored: false };
      if (known.get(number)?.name === mine.name) return undefined;
      known.set(number, mine);
      stored = Math.min(stored, number - 1);
      return () => {
        if (known.get(number) !== mine) return;
        mine.stored = true;
        const before = stored;
        while (known.get(stored + 1)?.stored) stored++;
        if (stored > before) onStored();
      };
    },
    forget: count => {
      while (forgotten < count) known.delete(++forgotten);
    },
    rewind: count => {
      arrived = count;
    },
  };
};

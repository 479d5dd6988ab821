/** Finds the places of a page's rows: in the archive's order, moving as little as it can, and never hiding from a person what was not seen. */
import type { Link } from './chain.js';
import type { Neighbours } from './neighbours.js';
import { between, farAfter } from './position.js';

export interface PlaceOptions {
  readonly floor: string;
  readonly ceiling: string | undefined;
  /** Position up to which was read. */
  readonly read: string;
  /** Last position of the conversation. */
  readonly end: string;
  readonly near: Neighbours;
}

export const below = (position: string, limit: string | undefined): boolean => limit === undefined || position < limit;
const lower = (a: string | undefined, b: string | undefined): string | undefined => (a === undefined || (b !== undefined && b < a) ? b : a);
const higher = (a: string, b: string | undefined): string => (b !== undefined && b > a ? b : a);

/**
 * Which links keep their place, and above which place each of the others has to go.
 *
 * What is unseen goes behind what was read, unless the archive has put something after it that was read: messages that were written while
 * one was away must not slip in above an own message that waits, where nobody looks for them.
 */
const keep = (links: readonly Link[], { floor, ceiling, read }: PlaceOptions): readonly { readonly at: string | undefined; readonly above: string }[] => {
  let above = floor;
  return links.map(({ at, known, unseen }, index) => {
    const limit = known ? undefined : (links.slice(index).find(link => link.known)?.at ?? ceiling);
    if (unseen && !known && read > above && below(read, limit)) above = read;
    const stays = at !== undefined && (known || (at > above && below(at, limit)));
    if (stays) above = at;
    return { at: stays ? at : undefined, above };
  });
};

/** The places of the links, in their order. */
export const place = async (links: readonly Link[], options: PlaceOptions): Promise<readonly string[]> => {
  const { ceiling, end, near } = options;
  const kept = keep(links, options);
  const stands = links.some(({ at }) => at !== undefined);
  const places: string[] = [];
  while (places.length < links.length) {
    const from = places.length;
    const stays = kept[from]?.at;
    if (stays !== undefined) {
      places.push(stays);
      continue;
    }
    const to = kept.findIndex(({ at }, index) => index > from && at !== undefined);
    const count = (to < 0 ? links.length : to) - from;
    const right = kept[to]?.at ?? ceiling;
    const above = kept[from + count - 1]?.above ?? '';
    if (to >= 0 && from === 0) places.push(...between(higher(above, await near.previous(kept[to]?.at ?? '')), right, count, 'upper'));
    else {
      const next = stands ? lower(right, await near.next(above)) : undefined;
      places.push(...(from === 0 && next === undefined ? between(end && farAfter(higher(end, above)), undefined, count) : between(above, next, count)));
    }
  }
  return places;
};

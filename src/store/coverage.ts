/** Ranges of an archive that are held without a hole. They are joined by structure only: a cursor, an overlap, the archive's word; never by time. */
import type { ArchivePage } from './contract.js';
import type { PlacedRange } from './schema.js';
import type { Unread } from '../entities/conversation.js';

/** An archive's id in the order of the archive, and what is known about its place. */
export interface Link {
  readonly id: string;
  /** Where it stands; undefined: nowhere yet. */
  readonly at: string | undefined;
  /** Whether the archive put it there; else the place is a guess. */
  readonly known: boolean;
  /** Whether it is a message that a person has still to see. */
  readonly unseen: boolean;
}

/** What the rows know of an id; undefined: it carries nothing to show. */
export type Lookup = (id: string) => Omit<Link, 'id'> | undefined;

const boundaries = (ranges: readonly PlacedRange[]): readonly string[] => ranges.flatMap(({ startPosition, endPosition }) => [startPosition, endPosition]);

/** The last place that ranges take; empty without any. */
export const lastBoundary = (ranges: readonly PlacedRange[]): string => boundaries(ranges).reduce((last, position) => (position > last ? position : last), '');

/** A page as a chain: its ids, and the one that it follows or precedes if that is held. Ids with nothing to show and nothing to hold on to are left out. */
export const chain = (page: ArchivePage, ranges: readonly PlacedRange[], lookup: Lookup): readonly Link[] => {
  const link = (id: string): Link | undefined => {
    const row = lookup(id);
    if (row?.known) return { id, ...row };
    const range = ranges.find(({ startId, endId }) => startId === id || endId === id);
    const boundary = range && (range.startId === id ? range.startPosition : range.endPosition);
    return boundary === undefined ? row && { id, ...row } : { id, at: boundary, known: true, unseen: row?.unseen ?? false };
  };
  const ids = [...new Set(page.ids)];
  const links: Link[] = [];
  let last = '';
  for (const [index, id] of ids.entries()) {
    const its = link(id) ?? (index === 0 || index === ids.length - 1 ? { id, at: undefined, known: false, unseen: false } : undefined);
    if (!its) continue;
    // An archive that changed its order is believed in what it says now.
    const known = its.known && its.at !== undefined && its.at > last;
    if (known && its.at !== undefined) last = its.at;
    links.push({ ...its, known });
  }
  const cursor = page.after ?? page.before;
  const its = cursor === undefined || ids.includes(cursor) ? undefined : link(cursor);
  if (!its) return links;
  const held = links.filter(({ known }) => known);
  const [first, final] = [held[0]?.at, held.at(-1)?.at];
  // A server that has lost the cursor may answer with any page: what contradicts the cursor does not touch it.
  if (page.after !== undefined) return its.known && first !== undefined && its.at !== undefined && its.at >= first ? links : [its, ...links];
  return its.known && final !== undefined && its.at !== undefined && its.at <= final ? links : [...links, its];
};

/** Between which places a chain must find its own; `ceiling` undefined: there is none. */
export const bounds = (page: ArchivePage, links: readonly Link[], ranges: readonly PlacedRange[]): { readonly floor: string; readonly ceiling: string | undefined } => {
  const marks = boundaries(ranges);
  const held = links.filter(({ known }) => known);
  const cursor = links.find(({ id }) => id === (page.after ?? page.before))?.at;
  const between = cursor !== undefined && !ranges.some(({ startPosition, endPosition }) => cursor >= startPosition && cursor <= endPosition) ? cursor : undefined;
  // Without any hold it is the newest page, as nobody asks for another one.
  const low = held[0]?.at ?? between;
  const high = held.at(-1)?.at ?? between;
  const below = marks.filter(mark => low === undefined || mark < low);
  const above = high === undefined ? [] : marks.filter(mark => mark > high);
  return { floor: below.reduce((most, mark) => (mark > most ? mark : most), ''), ceiling: above.reduce<string | undefined>((least, mark) => (least === undefined || mark < least ? mark : least), undefined) };
};

/** The ranges with a page joined to those that it touches; `places` are those of the links. */
export const extend = (ranges: readonly PlacedRange[], page: ArchivePage, links: readonly Link[], places: readonly string[]): readonly PlacedRange[] => {
  const [first, last] = [links[0], links.at(-1)];
  const [start, end] = [places[0], places.at(-1)];
  if (!first || !last || start === undefined || end === undefined) return ranges;
  const touches = ({ startPosition, endPosition }: PlacedRange): boolean => links.some(({ known, at }) => known && at !== undefined && at >= startPosition && at <= endPosition);
  const fromStart = page.complete && page.after === undefined;
  const joined = ranges.filter(touches).reduce<PlacedRange>(
    (sum, range) => ({
      ...(range.startPosition < sum.startPosition ? { startId: range.startId, startPosition: range.startPosition } : { startId: sum.startId, startPosition: sum.startPosition }),
      ...(range.endPosition > sum.endPosition ? { endId: range.endId, endPosition: range.endPosition } : { endId: sum.endId, endPosition: sum.endPosition }),
      fromStart: sum.fromStart || range.fromStart,
    }),
    { startId: first.id, startPosition: start, endId: last.id, endPosition: end, fromStart },
  );
  return [...ranges.filter(range => !touches(range)), joined].sort((a, b) => (a.startPosition < b.startPosition ? -1 : 1));
};

/** How sure a count of unread messages is: before each range there is a hole, unless it begins with the archive. */
export const unreadOf = (count: number, ranges: readonly PlacedRange[], read: string): Unread => {
  const hole = ranges.some(({ fromStart, startPosition }) => !fromStart && startPosition > read);
  if (!hole) return { kind: 'exact', count };
  return count > 0 ? { kind: 'atLeast', count } : { kind: 'unknown' };
};

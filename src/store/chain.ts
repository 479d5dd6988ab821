/** A page of an archive as a chain of ids between others. Chains and ranges are joined by structure only: a cursor, an overlap, the archive's word; never by time. */
import type { ArchivePage } from './contract.js';
import { marksOf } from './coverage.js';
import type { PlacedRange } from './schema.js';

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

const holds = ({ start, end }: PlacedRange, at: string | undefined): boolean => at !== undefined && at >= start.at && at <= end.at;

/** A page as a chain: its ids, and the one that it follows or precedes if that is held. Ids with nothing to show and nothing to hold on to are left out. */
export const chain = ({ ids: listed, after, before }: ArchivePage, ranges: readonly PlacedRange[], lookup: Lookup): readonly Link[] => {
  const ends = ranges.flatMap(({ start, end }) => [start, end]);
  const linkOf = (id: string): Link | undefined => {
    const row = lookup(id);
    const end = row?.known ? undefined : ends.find(other => other.id === id);
    return end ? { ...end, known: true, unseen: row?.unseen ?? false } : row && { id, ...row };
  };
  const ids = [...new Set(listed)];
  const links: Link[] = [];
  let last = '';
  for (const [index, id] of ids.entries()) {
    const link = linkOf(id) ?? (index === 0 || index === ids.length - 1 ? { id, at: undefined, known: false, unseen: false } : undefined);
    if (!link) continue;
    // An archive that changed its order is believed in what it says now.
    const known = link.known && link.at !== undefined && link.at > last;
    if (known && link.at !== undefined) last = link.at;
    links.push({ ...link, known });
  }
  const cursor = after ?? before;
  const link = cursor === undefined || ids.includes(cursor) ? undefined : linkOf(cursor);
  if (!link) return links;
  const all = after === undefined ? [...links, link] : [link, ...links];
  const places = all.flatMap(({ known, at }) => (known && at !== undefined ? at : []));
  // A server that has lost the cursor may answer with any page: one that contradicts the cursor does not touch it.
  return places.every((at, index) => index === 0 || at > (places[index - 1] ?? '')) ? all : links;
};

/** Between which places a chain must find its own; `ceiling` undefined: there is none. */
export const bounds = ({ after, before }: ArchivePage, links: readonly Link[], ranges: readonly PlacedRange[]): { readonly floor: string; readonly ceiling: string | undefined } => {
  const marks = marksOf(ranges);
  const held = links.filter(({ known }) => known);
  const cursor = links.find(({ id }) => id === (after ?? before))?.at;
  // A cursor that stands in a range without belonging to it says nothing. Without any hold it is the newest page.
  const guess = ranges.some(range => holds(range, cursor)) ? undefined : cursor;
  const low = held[0]?.at ?? guess;
  const high = held.at(-1)?.at ?? guess;
  return {
    floor: marks.filter(mark => low === undefined || mark < low).at(-1) ?? '',
    ceiling: high === undefined ? undefined : marks.find(mark => mark > high),
  };
};

/** The ranges with a page joined to those that it touches; `places` are those of the links. */
export const extend = (ranges: readonly PlacedRange[], { complete, after }: ArchivePage, links: readonly Link[], places: readonly string[]): readonly PlacedRange[] => {
  const [start, ...others] = links.map(({ id }, index) => ({ id, at: places[index] ?? '' }));
  if (!start) return ranges;
  const touched = ranges.filter(range => links.some(({ known, at }) => known && holds(range, at)));
  const joined = touched.reduce<PlacedRange>(
    (sum, range) => ({
      start: range.start.at < sum.start.at ? range.start : sum.start,
      end: range.end.at > sum.end.at ? range.end : sum.end,
      fromStart: sum.fromStart || range.fromStart,
    }),
    { start, end: others.at(-1) ?? start, fromStart: complete && after === undefined },
  );
  return [...ranges.filter(range => !touched.includes(range)), joined].sort((a, b) => (a.start.at < b.start.at ? -1 : 1));
};

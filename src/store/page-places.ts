/** A page of an archive meets the rows: their places, and the ranges that are held afterwards. */
import type { ArchivePage } from './contract.js';
import { bounds, chain, extend, type Lookup } from './coverage.js';
import { anchor } from './merge.js';
import { place, type Neighbours, type PlaceOptions } from './place.js';
import type { Transaction } from './port.js';
import { last } from './position.js';
import type { PlacedRange, StoredCopy } from './schema.js';

/** A message that stands somewhere, or will. */
export interface Standing {
  readonly copies: readonly StoredCopy[];
  /** Whether a person has still to see it. */
  readonly unseen: boolean;
  position: string | undefined;
  placed: string | undefined;
}

/** The places next to a position: of the rows, and of `taken`, which grows while a transaction hands out more. */
export const neighbours = (tx: Transaction, prefix: readonly string[], taken: readonly string[]): Neighbours => ({
  next: async position => {
    const rows = await tx.all('messages', { index: 'order', prefix, after: position, first: 1 });
    return [...rows.map(row => row.position), ...taken.filter(other => other > position)].sort()[0];
  },
  previous: async position => {
    const rows = await tx.all('messages', { index: 'order', prefix, before: position, last: 1 });
    return last([...rows.map(row => row.position), ...taken.filter(other => other < position)]);
  },
});

/** Puts the rows of a page where the archive has them; gives back the ranges with the page joined to them. */
export const placePage = async (page: ArchivePage, rows: readonly Standing[], ranges: readonly PlacedRange[], options: Pick<PlaceOptions, 'read' | 'end' | 'near'>): Promise<readonly PlacedRange[]> => {
  const placed = new Map(rows.map(row => [row.placed, row]));
  // A double has several ids; it is shown in the place of one of them.
  const anchored = new Map(rows.map(row => [anchor(row.copies, page.archive), row]));
  const lookup: Lookup = id => {
    const row = placed.get(id) ?? anchored.get(id);
    return row && { at: row.position, known: row.placed === id, unseen: row.unseen };
  };
  const links = chain(page, ranges, lookup);
  const places = await place(links, { ...bounds(page, links, ranges), ...options });
  for (const [index, { id }] of links.entries()) {
    const row = anchored.get(id);
    if (!row) continue;
    row.position = places[index];
    row.placed = id;
  }
  return extend(ranges, page, links, places);
};

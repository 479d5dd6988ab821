/** A page of an archive meets the rows: their places, and the ranges that are held afterwards. Loaded by the first page. */
import type { ArchivePage } from './contract.js';
import { bounds, chain, extend, type Lookup } from './chain.js';
import { anchor } from './row.js';
import { place, type PlaceOptions } from './place.js';
import type { PlacedRange, StoredCopy } from './schema.js';

/** A message that stands somewhere, or will. */
export interface Standing {
  readonly copies: readonly StoredCopy[];
  /** Whether a person has still to see it. */
  readonly unseen: boolean;
  position: string | undefined;
  placed: string | undefined;
}

export type PlacePage = typeof placePage;

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

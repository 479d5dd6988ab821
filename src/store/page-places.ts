/** A page of an archive meets the rows: their places, and the ranges that are held afterwards. Loaded by the first page. */
import type { ArchivePage } from './contract.js';
import { bounds, chain, extend, type Link, type Lookup } from './chain.js';
import { draftOf, type Draft } from './ingest.js';
import { below, place, type PlaceOptions } from './place.js';
import type { Transaction } from './port.js';
import { last } from './position.js';
import { anchor } from './row.js';
import type { Coverage, Row } from './schema.js';

/** What is held of a conversation; the rows and drafts grow by what has to make way for a page. */
export interface Held {
  readonly rows: Row[];
  readonly drafts: Draft[];
  readonly coverage: readonly Coverage[];
}

export type PlacePage = typeof placePage;

/**
 * What stands behind a page by a guess, up to what was read. Unseen rows of the page go behind what was read; these give way to them, as they came later.
 * What no archive has yet stays, unless it follows something that gives way.
 */
const followers = async (tx: Transaction, { account, conversation, archive }: Coverage, links: readonly Link[], { rows, drafts }: Held, { read, ceiling }: Pick<PlaceOptions, 'read' | 'ceiling'>): Promise<readonly Draft[]> => {
  const after = last(links.flatMap(({ at }) => at ?? []));
  if (!after || after >= read || !below(read, ceiling) || !links.some(({ known, unseen }) => unseen && !known)) return [];
  const present = new Set(rows.map(({ id }) => id));
  for (const row of await tx.all('messages', { index: 'order', prefix: [account, conversation], after, before: `${read}0` })) {
    if (present.has(row.id)) continue;
    rows.push(row);
    drafts.push(draftOf({ copies: row.copies, id: row.id, heirOf: row, sources: [row] }, read));
  }
  const behind = drafts.filter(({ position = '', placed }) => placed === undefined && position > after && position <= read).sort((a, b) => ((a.position ?? '') < (b.position ?? '') ? -1 : 1));
  const guess = links.some(({ at, known }) => at === after && !known);
  const first = guess ? 0 : behind.findIndex(({ copies }) => anchor(copies, archive) !== undefined);
  return first < 0 ? [] : behind.slice(first);
};

/** Puts the rows of a page where the archive has them; gives back what is held with the page joined to it. */
export const placePage = async (tx: Transaction, account: string, page: ArchivePage, held: Held, options: Pick<PlaceOptions, 'read' | 'end' | 'near'>): Promise<readonly Coverage[]> => {
  const { archive, conversation } = page;
  const { drafts, coverage } = held;
  const its: Coverage = coverage.find(other => other.archive === archive) ?? { account, conversation, archive, ranges: [] };
  const placed = new Map(drafts.map(draft => [draft.placed, draft]));
  // A double has several ids; it is shown in the place of one of them.
  const anchored = new Map(drafts.map(draft => [anchor(draft.copies, archive), draft]));
  const lookup: Lookup = id => {
    const draft = placed.get(id) ?? anchored.get(id);
    return draft && { at: draft.position, known: draft.placed === id, unseen: draft.unseen };
  };
  const links = chain(page, its.ranges, lookup);
  const where = { ...bounds(page, links, its.ranges), ...options };
  const along = await followers(tx, its, links, held, where);
  const places = await place([...links, ...along.map(({ rowId, position }) => ({ id: rowId, at: position, known: false, unseen: false }))], where);
  for (const [index, { id }] of links.entries()) {
    const draft = anchored.get(id);
    if (!draft) continue;
    draft.position = places[index];
    draft.placed = id;
  }
  for (const [index, draft] of along.entries()) draft.position = places[links.length + index];
  const next = { ...its, ranges: extend(its.ranges, page, links, places) };
  const all = [...coverage.filter(other => other !== its), next];
  if (JSON.stringify(all) !== JSON.stringify(coverage)) tx.put('coverage', next);
  return all;
};

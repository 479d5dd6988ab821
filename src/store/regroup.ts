/** Which row each group of copies becomes, so that local ids outlive merges and splits. */
import { factsOf, partition } from './identity.js';
import type { Row, StoredCopy } from './schema.js';

/** The copies of one message, and the rows they come from. */
export interface Group {
  readonly copies: readonly StoredCopy[];
  /** undefined: a new row. */
  readonly id: string | undefined;
  /** The row whose place it takes over; undefined if it is new, or fell off a row. */
  readonly heirOf: Row | undefined;
  /** All rows of which it holds a copy. */
  readonly sources: readonly Row[];
}

/** A row that an archive placed goes before one whose place is a guess, an earlier one before a later one. */
const byPlace = (a: Row, b: Row): number => Number(a.placed === undefined) - Number(b.placed === undefined) || (a.position < b.position ? -1 : 1);

/** Sorts the copies of rows and new ones into groups. A row that falls apart goes on where its echo is, or else its first copy. New groups come in the order of arrival. */
export const regroup = (rows: readonly Row[], arrivals: readonly StoredCopy[]): readonly Group[] => {
  const groups = partition([...rows.flatMap(({ copies }) => copies), ...arrivals]);
  const groupOf = new Map(groups.flatMap(copies => copies.map(copy => [factsOf(copy), copies] as const)));
  const rowOf = new Map(rows.flatMap(row => row.copies.map(copy => [factsOf(copy), row] as const)));
  const order = new Map<readonly StoredCopy[], number>();
  for (const [index, copy] of arrivals.entries()) {
    const group = groupOf.get(factsOf(copy));
    if (group && !order.has(group)) order.set(group, index);
  }
  const heirs = new Map<readonly StoredCopy[], Row>();
  for (const row of [...rows].sort(byPlace)) {
    const chief = row.copies.find(({ id }) => id !== undefined) ?? row.copies[0];
    const group = chief && groupOf.get(factsOf(chief));
    if (group && !heirs.has(group)) heirs.set(group, row);
  }
  return [...groups]
    .sort((a, b) => (order.get(a) ?? -1) - (order.get(b) ?? -1))
    .map(copies => {
      const heirOf = heirs.get(copies);
      // An echo keeps the id under which the outbox knows it.
      const id = copies.flatMap(copy => copy.id ?? []).sort()[0] ?? heirOf?.id;
      return { copies, id, heirOf, sources: [...new Set(copies.flatMap(copy => rowOf.get(factsOf(copy)) ?? []))] };
    });
};

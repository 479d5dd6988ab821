/** What the ranges of an archive that are held say about a conversation. */
import type { Unread } from '../entities/conversation.js';
import type { PlacedRange } from './schema.js';

/** The ends of ranges, in order. */
export const marksOf = (ranges: readonly PlacedRange[]): readonly string[] => ranges.flatMap(({ start, end }) => [start.at, end.at]);

/** How sure a count of unread messages is: before each range there is a hole, unless it begins with the archive. */
export const unreadOf = (count: number, ranges: readonly PlacedRange[], read: string): Unread => {
  const hole = ranges.some(({ fromStart, start }) => !fromStart && start.at > read);
  if (!hole) return { kind: 'exact', count };
  return count > 0 ? { kind: 'atLeast', count } : { kind: 'unknown' };
};

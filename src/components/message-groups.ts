/** How messages stand together: days, groups of one sender within five minutes, and the line above what is new. */
import type { Message } from '../entities/message.js';

export interface Row {
  readonly message: Message;
  /** Whether a group begins, or ends, with it. */
  readonly first: boolean;
  readonly last: boolean;
  /** Whether the line “New” stands above it. */
  readonly fresh: boolean;
}

export interface Day {
  readonly key: string;
  /** Time of its first message. */
  readonly time: number;
  readonly rows: readonly Row[];
}

const GROUP_MS = 5 * 60_000;

/** Arranges messages that are in order. `freshId` is the message under the line “New”. */
export const arrange = (messages: readonly Message[], sameDay: (one: number, other: number) => boolean, freshId: string | undefined): readonly Day[] => {
  const days: { readonly key: string; readonly time: number; readonly rows: Row[] }[] = [];
  const seen = new Map<string, number>();
  const joined = (one: Message | undefined, other: Message | undefined): boolean =>
    one !== undefined && other !== undefined && one.sender === other.sender && Math.abs(other.time - one.time) <= GROUP_MS && sameDay(one.time, other.time) && other.id !== freshId;
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    const row: Row = { message, first: !joined(before, message), last: !joined(message, messages[index + 1]), fresh: message.id === freshId };
    const today = days.at(-1);
    if (today && before && sameDay(before.time, message.time)) {
      today.rows.push(row);
      return;
    }
    // Clocks may be wrong, so a day can come twice.
    const date = new Date(message.time).toDateString();
    const times = seen.get(date) ?? 0;
    seen.set(date, times + 1);
    days.push({ key: `${date} ${times}`, time: message.time, rows: [row] });
  });
  return days;
};

/** What of a conversation is new to the person who looks at it: messages after `from` and up to `to`, both positions. */
export interface Fresh {
  readonly from: string;
  readonly to: string;
  /** Up to where it was seen. */
  readonly seen: string;
}

/** At the opening: everything that was stored and not read. */
export const freshAtOpening = (read: string, newest: string): Fresh => ({ from: read, to: newest, seen: read });

/** After a change: what arrives while nobody looks (`attending` is false) is new to them when they come back. */
export const freshAfter = (fresh: Fresh, attending: boolean, newest: string): Fresh => {
  if (newest <= fresh.seen) return fresh;
  if (attending) return { ...fresh, seen: newest };
  return { ...fresh, from: fresh.seen, to: newest };
};

/** The message under the line “New”: the first of others that is new, unless one has answered since or it is the very first of all. */
export const firstFresh = (messages: readonly Message[], { from, to }: Fresh, atStart: boolean): string | undefined => {
  let found: Message | undefined;
  for (const message of messages) {
    if (message.position <= from) continue;
    if (message.mine) {
      if (found) return undefined;
    } else if (!found && message.position <= to) found = message;
  }
  return found && !(atStart && found === messages[0]) ? found.id : undefined;
};

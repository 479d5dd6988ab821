/** Which copies are the same message: a pure function of the set of copies, so that the order of arrival cannot matter. */
import { TIME_SOURCES, type Copy } from '../entities/copy.js';
import type { StoredCopy } from './schema.js';

/** Nobody needs more sightings of one message; a sender who plays with ids gets no more room than this. */
const MOST_COPIES = 64;

/** Whether a copy has no id at all: then nothing can tell whether it was met before, and each is a message of its own. */
export const isNameless = ({ messageId, originId, archiveId }: Copy): boolean => !messageId && !originId && !archiveId;

/** What a copy says, but for the time. Copies that say the same are one; those of an archive sort first. */
export const factsOf = (copy: StoredCopy): string => {
  const { sender, messageId, originId, archiveId, body, id } = copy;
  return JSON.stringify([archiveId?.by, archiveId?.id, sender, originId, messageId, body, isNameless(copy) ? id : undefined]);
};

/** Whether the time of `a` is the better one: from a better source, or earlier. */
const earlier = (a: Copy, b: Copy): boolean =>
  a.timeSource === b.timeSource ? a.time < b.time : TIME_SOURCES.indexOf(a.timeSource) < TIME_SOURCES.indexOf(b.timeSource);

/** The best time that a set of copies gives. */
export const bestTime = (copies: readonly [Copy, ...Copy[]]): Copy => copies.reduce((best, copy) => (earlier(copy, best) ? copy : best));

const join = (a: StoredCopy, b: StoredCopy): StoredCopy => {
  const { time, timeSource } = bestTime([a, b]);
  const id = a.id !== undefined && (b.id === undefined || a.id < b.id) ? a.id : b.id;
  return { ...a, time, timeSource, ...(id === undefined ? {} : { id }) };
};

/** The normal form of a set of copies: each saying once, with its best time, sorted. */
const normalise = (copies: readonly StoredCopy[]): readonly StoredCopy[] => {
  const said = new Map<string, StoredCopy>();
  for (const copy of copies) {
    const facts = factsOf(copy);
    const known = said.get(facts);
    said.set(facts, known ? join(known, copy) : copy);
  }
  return [...said].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, copy]) => copy);
};

const agree = (a: string | null, b: string | null): boolean => a === null || b === null || a === b;

type Group = StoredCopy[];

/** Two ids of one archive are two messages, unless the server took one message twice. */
const clash = (one: Group, other: Group): boolean =>
  one.some(a => {
    const mine = a.archiveId;
    return (
      mine !== undefined &&
      other.some(
        b =>
          b.archiveId !== undefined &&
          b.archiveId.by === mine.by &&
          b.archiveId.id !== mine.id &&
          !(a.originId && a.originId === b.originId && a.sender === b.sender && agree(a.body, b.body)),
      )
    );
  });

/** An unreadable copy may be any message under its ids, but it does not make one of two that say different things. */
const disagree = (one: Group, other: Group): boolean => one.some(a => other.some(b => !agree(a.body, b.body)));

interface Rule {
  /** Copies with the same key are the same message; undefined: the rule says nothing about a copy. */
  key(copy: Copy): string | undefined;
  forbids(one: Group, other: Group): boolean;
}

/** The strongest first. */
const RULES: readonly Rule[] = [
  { key: ({ archiveId }) => archiveId && JSON.stringify([archiveId.by, archiveId.id]), forbids: () => false },
  { key: ({ sender, originId }) => (originId ? JSON.stringify([sender, originId]) : undefined), forbids: clash },
  { key: ({ sender, messageId, body }) => (messageId ? JSON.stringify([sender, messageId, body]) : undefined), forbids: clash },
  { key: ({ sender, messageId }) => (messageId ? JSON.stringify([sender, messageId]) : undefined), forbids: (one, other) => clash(one, other) || disagree(one, other) },
];

/**
 * Sorts copies into messages. “The same” is not transitive: a copy without an id of the archive may match two that the archive tells
 * apart. So pairs are joined one by one, by the strongest rule first and then in the order of what they say, and a pair whose groups must
 * stay apart is passed over. All of that depends on the set alone, and what shares no key does not influence each other.
 */
export const partition = (copies: readonly StoredCopy[]): readonly (readonly StoredCopy[])[] => {
  const all = normalise(copies);
  const groupOf = new Map<StoredCopy, Group>(all.map(copy => [copy, [copy]]));
  const unite = (a: StoredCopy, b: StoredCopy, forbids: Rule['forbids']): void => {
    const one = groupOf.get(a);
    const other = groupOf.get(b);
    if (!one || !other || one === other || forbids(one, other)) return;
    for (const copy of other) {
      one.push(copy);
      groupOf.set(copy, one);
    }
  };
  for (const { key, forbids } of RULES) {
    const alike = new Map<string, StoredCopy[]>();
    for (const copy of all) {
      const its = key(copy);
      if (its === undefined) continue;
      const earlierOnes = alike.get(its);
      for (const other of earlierOnes ?? []) unite(other, copy, forbids);
      if (earlierOnes) earlierOnes.push(copy);
      else alike.set(its, [copy]);
    }
  }
  return [...new Set(groupOf.values())].map(group => normalise(group).slice(0, MOST_COPIES));
};

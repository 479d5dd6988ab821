/** Says what became of numbered messages, by what others saw of them. */

/** A message of one sender, by the number that is in its text. */
export interface Numbered {
  readonly sender: 'page' | 'peer';
  readonly number: number;
}

export const textOf = (sender: Numbered['sender'], number: number): string => `${sender} ${number}`;

/** Reads a text of this run back; undefined: another's. */
export const numberIn = (text: string): Numbered | undefined => {
  const [, sender, number] = /^(page|peer) (\d+)$/u.exec(text) ?? [];
  return sender && number ? { sender: sender as Numbered['sender'], number: Number(number) } : undefined;
};

/** The numbers of a sender in some texts, in their order. */
export const numbersOf = (sender: Numbered['sender'], texts: readonly string[]): readonly number[] =>
  texts.flatMap(text => {
    const found = numberIn(text);
    return found?.sender === sender ? [found.number] : [];
  });

export interface Verdict {
  /** Sent and not seen. */
  readonly lost: readonly number[];
  /** Seen more than once. */
  readonly doubled: readonly number[];
  /** Seen after a later one of the same sender. */
  readonly reordered: readonly number[];
  /** Seen and never sent: the test itself is wrong, or much more is. */
  readonly strange: readonly number[];
}

/**
 * Compares what was sent with what was seen.
 *
 * @param sent what must be there
 * @param seen in the order of the one who saw
 * @param perhaps what may be there: its sender did not live to tell
 */
export const judge = (sent: readonly number[], seen: readonly number[], perhaps: readonly number[] = []): Verdict => {
  const times = new Map<number, number>();
  const reordered = new Set<number>();
  let highest = -1;
  for (const number of seen) {
    times.set(number, (times.get(number) ?? 0) + 1);
    // A double is no disorder of its own.
    if (number < highest && times.get(number) === 1) reordered.add(number);
    highest = Math.max(highest, number);
  }
  const known = new Set([...sent, ...perhaps]);
  return {
    lost: sent.filter(number => !times.has(number)),
    doubled: [...times].filter(([, count]) => count > 1).map(([number]) => number),
    reordered: [...reordered],
    strange: [...times.keys()].filter(number => !known.has(number)),
  };
};

/** Which of the numbers that were seen too late had also come too late: that was done before it was ours. Whoever looks at `arrived` sees doubles, too: the first counts. */
export const cameLate = (reordered: readonly number[], arrived: readonly number[]): readonly number[] => {
  const late = new Set(judge([], arrived.filter((number, index) => arrived.indexOf(number) === index)).reordered);
  return reordered.filter(number => late.has(number));
};

export const isClean = ({ lost, doubled, reordered, strange }: Verdict): boolean => lost.length + doubled.length + reordered.length + strange.length === 0;

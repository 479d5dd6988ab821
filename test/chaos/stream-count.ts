/** Counts on the wire what of each stream reaches the page, and hears what the page says it has got (XEP-0198 §4, §5): nobody may have more than came. */
import { frameSpan, headSpan } from './frames.js';
import { numberIn } from './judge.js';

export interface WireStreams {
  /** A new connection; its halves are fed with what passes, in order. */
  connection(): { up(data: Buffer): void; down(data: Buffer): void };
  /** Numbers of the other client that were written to any page. */
  readonly reached: ReadonlySet<number>;
  /** Sentences about what a page said to have got, and had not. */
  readonly overstated: readonly string[];
}

const TEXT = 1;

/** Takes the bytes of one half of a connection and tells each text that is in it (RFC 6455 §5.2); the first lines are HTTP, and a connection that stays HTTP tells nothing. */
export const readFrames = (onText: (text: string) => void): ((data: Buffer) => void) => {
  let held = Buffer.alloc(0);
  let state: 'head' | 'plain' | 'frames' = 'head';
  let parts: Buffer[] = [];
  return data => {
    if (state === 'plain') return;
    held = Buffer.concat([held, data]);
    if (state === 'head') {
      const head = headSpan(held);
      if (!head) return;
      state = head.upgrades ? 'frames' : 'plain';
      held = held.subarray(head.end);
    }
    for (let frame = frameSpan(held); state === 'frames' && frame && held.length >= frame.end; frame = frameSpan(held)) {
      const { start, end } = frame;
      const [first = 0, second = 0] = held;
      if (first & 0x70) throw new Error('The frames of this connection are compressed');
      const payload = Buffer.from(held.subarray(start, end));
      if (second & 0x80) for (let at = 0; at < payload.length; at += 1) payload[at] = (payload[at] ?? 0) ^ (held[start - 4 + (at % 4)] ?? 0);
      held = held.subarray(end);
      const code = first & 0x0f;
      if (code > 2) continue;
      parts = code === TEXT ? [payload] : [...parts, payload];
      if (first & 0x80) onText(Buffer.concat(parts).toString('utf8'));
    }
  };
};

const attribute = (text: string, name: string): string | undefined => new RegExp(`^<[^>]*\\s${name}=(?:'([^']*)'|"([^"]*)")`, 'u').exec(text)?.slice(1).find(value => value !== undefined);

/** One counter for all connections of a page and its successors. */
export const countStreams = (): WireStreams => {
  /** By the stream's id: the most that a page can have of it. */
  const most = new Map<string, number>();
  const reached = new Set<number>();
  const overstated: string[] = [];
  return {
    reached,
    overstated,
    connection: () => {
      let stream: string | undefined;
      let asked = 0;
      let count = 0;
      const check = (said: number, can: number, how: string): void => {
        if (said > can) overstated.push(`${how} says ${said} came, of which ${can} passed`);
      };
      return {
        up: readFrames(text => {
          const said = Number(attribute(text, 'h'));
          if (text.startsWith('<resume ')) {
            asked = said;
            check(said, most.get(attribute(text, 'previd') ?? '') ?? 0, 'a resumption');
          } else if (text.startsWith('<a ')) check(said, count, 'an acknowledgement');
        }),
        down: readFrames(text => {
          if (text.startsWith('<enabled ')) {
            stream = attribute(text, 'id');
            count = 0;
          } else if (text.startsWith('<resumed ')) {
            stream = attribute(text, 'previd');
            count = asked;
          } else if (/^<(?:message|iq|presence)[\s/>]/u.test(text)) {
            count += 1;
            const body = /<body[^>]*>([^<]*)<\/body>/u.exec(text)?.[1];
            const found = body === undefined ? undefined : numberIn(body);
            if (found?.sender === 'peer') reached.add(found.number);
          }
          if (stream !== undefined) most.set(stream, Math.max(most.get(stream) ?? 0, count));
        }),
      };
    },
  };
};

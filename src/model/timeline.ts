/** The stretch of a conversation that is held in memory: a window over the stored messages, in order. */
import { batch, signal, type ReadonlySignal } from '../base/signal.js';
import type { Message } from '../entities/message.js';
import type { Changes, PageRequest, Store } from '../store/store.js';

export interface Timeline {
  /** The messages of the window, by position; a new array for every change, unchanged messages are the same objects. */
  readonly messages: ReadonlySignal<readonly Message[]>;
  /** False until the store has answered for the first time: unknown is not empty. */
  readonly ready: ReadonlySignal<boolean>;
  /** Whether the store holds nothing older than the window. */
  readonly atStart: ReadonlySignal<boolean>;
  /** Whether the window ends with the newest message. */
  readonly atEnd: ReadonlySignal<boolean>;
  /** Starts reading; the returned function stops it. The first onlooker fills the window, the last one empties it. */
  open(): () => void;
  /** Whether the reader stands at the end: then new messages push out old ones, else they wait outside a full window. */
  follow(following: boolean): void;
  /** Loads older messages into the window and trims its far end. Settles when they are in `messages`. */
  older(): Promise<void>;
  /** Loads newer messages into the window and trims its far end. */
  newer(): Promise<void>;
  /** Moves the window to the newest messages. */
  toEnd(): Promise<void>;
}

/** A timeline that also hears of changes in the store. */
export interface LiveTimeline extends Timeline {
  /** Reads anew, as changes may have been missed. */
  refresh(): void;
  apply(changes: Changes['messages']): void;
}

/** The most messages a window holds, and how many are read at a time. */
export const WINDOW = 300;
const PAGE = 60;

/** The timeline of one conversation; reads only while somebody looks. `onError` hears of a store that fails. */
export const createTimeline = (account: string, conversation: string, store: Store, onError: (error: unknown) => void): LiveTimeline => {
  const messages = signal<readonly Message[]>([]);
  const ready = signal(false);
  const atStart = signal(false);
  const atEnd = signal(true);
  let onlookers = 0;
  let following = true;
  /** Counts up when the window is moved, so that an answer to an earlier question is dropped. */
  let generation = 0;
  /** Counts up with every change, so that a page that was read before it is read again. */
  let changed = 0;
  let reading: Promise<void> | undefined;

  const show = (rows: readonly Message[], start: boolean, end: boolean): void =>
    batch(() => {
      messages.value = rows;
      atStart.value = start;
      atEnd.value = end;
      ready.value = true;
    });

  /** A page as it is once nothing changes while it is read; undefined when the window was moved meanwhile. */
  const read = async (mine: number, request: PageRequest): Promise<readonly Message[] | undefined> => {
    for (;;) {
      const before = changed;
      const rows = await store.page(account, conversation, request);
      if (mine !== generation) return undefined;
      if (before === changed) return rows;
    }
  };

  const toEnd = async (): Promise<void> => {
    const rows = await read(++generation, { limit: PAGE });
    if (rows) show(rows, rows.length < PAGE, true);
  };

  /** Adds a page to the window, unless the window has been moved meanwhile. */
  const extend = (direction: 'older' | 'newer'): Promise<void> => {
    reading ??= (async () => {
      const edge = direction === 'older' ? messages.peek()[0] : messages.peek().at(-1);
      if (!edge || (direction === 'older' ? atStart : atEnd).peek()) return;
      const page = await read(generation, direction === 'older' ? { before: edge.position, limit: PAGE } : { after: edge.position, limit: PAGE });
      if (!page) return;
      const known = new Set(messages.peek().map(({ id }) => id));
      const fresh = page.filter(({ id }) => !known.has(id));
      const short = page.length < PAGE;
      if (direction === 'older') {
        const all = [...fresh, ...messages.peek()];
        show(all.slice(0, WINDOW), short, atEnd.peek() && all.length <= WINDOW);
      } else {
        const all = [...messages.peek(), ...fresh];
        show(all.slice(-WINDOW), atStart.peek() && all.length <= WINDOW, short);
      }
    })().finally(() => {
      reading = undefined;
    });
    return reading;
  };

  const apply: LiveTimeline['apply'] = changes => {
    if (onlookers === 0) return;
    changed += 1;
    // While the first page is being read, what changed may or may not be in it: read it again.
    if (!ready.peek()) return void toEnd().catch(onError);
    const now = messages.peek();
    const first = now[0]?.position;
    const last = now.at(-1)?.position;
    const removed = new Set(changes.map(({ id }) => id));
    const inside = ({ position }: Message): boolean =>
      (first === undefined || position >= first || atStart.peek()) && (last === undefined || position <= last || atEnd.peek());
    const added = changes.flatMap(({ after }) => (after && inside(after) ? [after] : []));
    const kept = now.filter(({ id }) => !removed.has(id));
    if (added.length === 0 && kept.length === now.length) return undefined;
    const all = merge(kept, added);
    if (all.length <= WINDOW) show(all, atStart.peek(), atEnd.peek());
    else if (following) show(all.slice(-WINDOW), false, atEnd.peek());
    else show(all.slice(0, WINDOW), atStart.peek(), false);
    return undefined;
  };

  return {
    messages,
    ready,
    atStart,
    atEnd,
    open: () => {
      onlookers += 1;
      if (onlookers === 1) toEnd().catch(onError);
      let open = true;
      return () => {
        if (!open) return;
        open = false;
        onlookers -= 1;
        if (onlookers > 0) return;
        generation += 1;
        batch(() => {
          messages.value = [];
          ready.value = false;
          atStart.value = false;
          atEnd.value = true;
        });
      };
    },
    follow: value => {
      following = value;
    },
    older: () => extend('older'),
    newer: () => extend('newer'),
    toEnd,
    refresh: () => {
      changed += 1;
      if (onlookers > 0) toEnd().catch(onError);
    },
    apply,
  };
};

/** Two lists of messages as one, by position. */
const merge = (kept: readonly Message[], added: readonly Message[]): readonly Message[] => [...kept, ...added].sort((a, b) => (a.position < b.position ? -1 : 1));

/** What every inner element is handed: the chat, and how to say things to this reader. */
import type { Chat } from '../app/chat.js';
import { signal, type Signal } from '../base/signal.js';
import type { Words } from '../base/words.js';
import { createDates, type Dates } from './dates.js';

export interface Screen {
  readonly chat: Chat;
  readonly words: Words;
  readonly dates: Dates;
  /** Contributions of plugins that threw while they were drawn: reported once, and not drawn again. */
  readonly setAside: Signal<ReadonlySet<object>>;
}

/** The screen of a chat for one reader. */
export const createScreen = (chat: Chat, words: Words): Screen => ({ chat, words, dates: createDates(words.locale), setAside: signal<ReadonlySet<object>>(new Set()) });

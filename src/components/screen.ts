/** What every inner element is handed: the chat, and how to say things to this reader. */
import type { Chat } from '../app/chat.js';
import type { Words } from '../base/words.js';
import type { Dates } from './dates.js';

export interface Screen {
  readonly chat: Chat;
  readonly words: Words;
  readonly dates: Dates;
}

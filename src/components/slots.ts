/** Places of the screen that plugins may add to. */
import type { Words } from '../base/words.js';
import { defineSlot } from '../base/slot.js';
import type { Message } from '../entities/message.js';
import type { Conversation } from '../model/conversation.js';
import type { Dates } from './dates.js';

/** What is handed to a contribution that stands in no conversation. */
export interface Place {
  readonly words: Words;
  readonly dates: Dates;
}

export interface ConversationPlace extends Place {
  readonly conversation: Conversation;
}

export interface MessagePlace extends ConversationPlace {
  readonly message: Message;
}

/** Something that a plugin draws. A throw in `when` or `render` is reported under the plugin's id, and this contribution is drawn no more. */
export interface UiContribution<P extends Place> {
  /** Lower ones stand first; 0 if not given. */
  readonly order?: number;
  /** Whether it is drawn here now. Signals that it reads are watched. */
  when?(place: P): boolean;
  /** What is drawn: whatever a Lit template may hold. Signals that it reads are watched. */
  render(place: P): unknown;
}

/** Buttons at the end of a conversation's header. */
export const headerActions = defineSlot<UiContribution<ConversationPlace>>('headerActions');
/** Buttons at the start of the composer. */
export const composerActions = defineSlot<UiContribution<ConversationPlace>>('composerActions');
/** Buttons in the toolbar of a message. */
export const messageActions = defineSlot<UiContribution<MessagePlace>>('messageActions');
/** Things under the bubble of a message. */
export const messageDecorations = defineSlot<UiContribution<MessagePlace>>('messageDecorations');
/** Other ways to draw what a message says: the first whose `when` is true takes the place of the text. */
export const bodyRenderers = defineSlot<UiContribution<MessagePlace>>('bodyRenderers');
/** Lines between the header and the messages. */
export const banners = defineSlot<UiContribution<ConversationPlace>>('banners');
/** Sections under the list of conversations. */
export const sidebarPanels = defineSlot<UiContribution<Place>>('sidebarPanels');

/** Typing, shown and sent sparingly (XEP-0085). */
import { defineService } from '../base/slot.js';
import type { ReadonlySignal } from '../base/signal.js';

export interface ChatStates {
  /** Senders who are typing in a conversation now. */
  composing(conversation: string): ReadonlySignal<readonly string[]>;
  /** Tells that the person here typed; `empty` when the field is empty again. */
  typed(conversation: string, empty: boolean): void;
}

export const chatStates = defineService<ChatStates>('chat-states');

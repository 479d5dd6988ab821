/** Dots while somebody types; its room is always kept, so that nothing jumps. */
import { html, nothing } from 'lit/html.js';
import { chatStates } from '../features/chat-states.js';
import type { Conversation } from '../model/conversation.js';
import { define } from './define.js';
import { senderName, typingSentence } from './names.js';
import { Part } from './part.js';
import type { Screen } from './screen.js';

/** What is said about who types in a conversation; undefined while nobody does. Reading it while drawing subscribes. */
export const whoTypes = ({ chat, words }: Screen, conversation: Conversation): string | undefined => {
  const senders = chat.registry.find(chatStates).value?.value.composing(conversation.id).value ?? [];
  return typingSentence(senders.map(sender => senderName(conversation, sender, words)), words);
};

export class StoaTyping extends Part {
  declare screen: Screen;
  declare conversation: Conversation;

  protected override render(): unknown {
    const sentence = whoTypes(this.screen, this.conversation);
    if (sentence === undefined) return nothing;
    return html`<div class="dots"><i></i><i></i><i></i><span class="word" aria-hidden="true">${this.screen.words.t('typing')}</span><span class="hidden-text">${sentence}</span></div>`;
  }
}

define('stoa-typing', StoaTyping, 'screen', 'conversation');

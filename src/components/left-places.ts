/** Where the reader was in conversations that were left, so that who comes back stands there again. */
import type { Conversation } from '../model/conversation.js';
import type { Hold } from './scroll-keeper.js';

export interface Place {
  /** Of the message at the upper edge. */
  readonly id: string;
  readonly offset: number;
}

/** Pages read at most to find again where the reader was. */
const PAGES_BACK = 4;

export class LeftPlaces {
  readonly #places = new WeakMap<Conversation, Place>();

  /** The conversation is left; without a hold it is found at its end again. */
  leave(conversation: Conversation, hold: Hold | undefined): void {
    const id = hold?.element.dataset['id'];
    if (hold && id !== undefined) this.#places.set(conversation, { id, offset: hold.offset });
    else this.#places.delete(conversation);
  }

  /** Where the reader was; its message is read, unless it is too far away. */
  async again(conversation: Conversation): Promise<Place | undefined> {
    const { timeline } = conversation;
    const place = this.#places.get(conversation);
    for (let page = 0; place && page < PAGES_BACK && !timeline.atStart.peek() && !timeline.messages.peek().some(({ id }) => id === place.id); page += 1) await timeline.older();
    return place;
  }
}

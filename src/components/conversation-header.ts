/** The top of a conversation: with whom, and how they are. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Show } from '../entities/presence.js';
import type { Conversation } from '../model/conversation.js';
import { avatar } from './avatar.js';
import { define } from './define.js';
import { backIcon, chevronDownIcon } from './icons.js';
import { titleOf } from './names.js';
import { Part } from './part.js';
import type { Screen } from './screen.js';
import { outlet } from './slot-outlet.js';
import { headerActions } from './slots.js';
import { barButton } from './title-bar.js';
import { whoTypes } from './typing.js';

const PRESENCES: Readonly<Record<Show, string>> = {
  chat: 'presence-online',
  online: 'presence-online',
  away: 'presence-away',
  xa: 'presence-away',
  dnd: 'presence-dnd',
  offline: 'presence-offline',
};

/** Fires `back` and `minimise` when their buttons, if shown, are pressed. */
export class StoaConversationHeader extends Part {
  declare screen: Screen;
  declare conversation: Conversation;
  declare back: boolean;
  declare minimise: boolean;

  protected override render(): TemplateResult {
    const { screen, conversation } = this;
    const { words, dates } = screen;
    const title = titleOf(conversation);
    const presence = conversation.presence.value;
    const typing = whoTypes(screen, conversation);
    const status = typing ?? (presence && words.t(PRESENCES[presence.show]));
    return html`
      <header part="header">
        ${this.back ? barButton(words, 'back', backIcon) : nothing}
        <span class="portrait">${avatar(title, conversation.id)}${presence ? html`<i class="presence ${presence.show}"></i>` : nothing}</span>
        <div class="names">
          <h2 tabindex="-1"><bdi>${title}</bdi></h2>
          ${status === undefined ? nothing : html`<p class=${typing === undefined ? 'status' : 'status typing'} part="status">${status}</p>`}
        </div>
        <slot name="header"></slot>
        ${outlet(screen, headerActions, { words, dates, conversation })} ${this.minimise ? barButton(words, 'minimise', chevronDownIcon) : nothing}
      </header>
    `;
  }
}

define('stoa-conversation-header', StoaConversationHeader, 'screen', 'conversation', 'back', 'minimise');

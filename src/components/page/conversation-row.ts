/** One row of the list: who, when, what was said last, and how much of it is unread. It watches its own conversation and nothing else. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { chatStates } from '../../features/chat-states.js';
import type { Conversation } from '../../model/conversation.js';
import { avatar } from '../avatar.js';
import { define } from '../define.js';
import { titleOf } from '../names.js';
import { Part } from '../part.js';
import type { Screen } from '../screen.js';

/** A preview is one line: more of a long message would only cost time. */
const LONGEST_PREVIEW = 160;
const MOST = 99;

/** Give it `screen`, `conversation`, whether it is `current` and whether it is the `stop` of the Tab key. */
export class StoaConversationRow extends Part {
  declare screen: Screen;
  declare conversation: Conversation;
  declare current: boolean;
  declare stop: boolean;

  constructor() {
    super();
    this.current = this.stop = false;
  }

  protected override render(): TemplateResult {
    const { conversation, current, stop, screen } = this;
    const { dates } = screen;
    const title = titleOf(conversation);
    const time = conversation.preview.value?.time;
    const presence = conversation.presence.value;
    const unread = this.#unread();
    return html`
      <a
        class=${unread ? 'row unread' : 'row'}
        part="row"
        href="xmpp:${encodeURI(conversation.id)}"
        tabindex=${stop ? 0 : -1}
        aria-current=${current ? 'true' : nothing}
      >
        <span class="portrait">${avatar(title, conversation.id)}${presence ? html`<i class="presence ${presence.show}"></i>` : nothing}</span>
        <span class="lines">
          <span class="line"
            ><bdi class="name">${title}</bdi>${unread ? html`<span class="hidden-text">, ${unread.said}, </span>` : nothing}${time === undefined ? nothing : html`<time>${dates.short(time)}</time>`}</span
          >
          <span class="line">${this.#preview()}${unread ? html`<span class="count" aria-hidden="true">${unread.drawn}</span>` : nothing}</span>
        </span>
      </a>
    `;
  }

  /** Typing goes before what is typed here, that before what was said last. */
  #preview(): TemplateResult {
    const { conversation, screen } = this;
    const { words, chat } = screen;
    const typing = (chat.registry.find(chatStates).value?.value.composing(conversation.id).value.length ?? 0) > 0;
    if (typing) return html`<span class="preview typing">${words.t('typing')}</span>`;
    const draft = conversation.draft.value.trim();
    if (draft && !this.current) return html`<span class="preview draft">${words.t('preview-draft', { text: draft.slice(0, LONGEST_PREVIEW) })}</span>`;
    const last = conversation.preview.value;
    if (!last) return html`<span class="preview">${conversation.id}</span>`;
    const text = last.body === null ? words.t('unreadable') : last.body.trimStart().slice(0, LONGEST_PREVIEW);
    return html`<span class="preview" dir="auto"><bdi>${last.mine ? words.t('preview-mine', { text }) : text}</bdi></span>`;
  }

  /** What the badge shows and says; undefined for none, and where nobody knows. */
  #unread(): { readonly drawn: string; readonly said: string } | undefined {
    const { words } = this.screen;
    const unread = this.conversation.unread.value;
    if (unread.kind === 'unknown' || unread.count === 0) return undefined;
    const { count } = unread;
    const more = unread.kind === 'atLeast' || count > MOST;
    return {
      drawn: words.t(more ? 'unread-at-least' : 'number', { count: Math.min(count, MOST) }),
      said: words.t(unread.kind === 'atLeast' ? 'row-unread-at-least' : 'row-unread', { count }),
    };
  }
}

define('stoa-conversation-row', StoaConversationRow, 'screen', 'conversation', 'current', 'stop');

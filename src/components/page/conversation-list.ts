/** The conversations of the account, the most recent first: a list of links with one stop of the Tab key. */
import { html, type TemplateResult } from 'lit/html.js';
import type { Conversation } from '../../model/conversation.js';
import { define } from '../define.js';
import { keyed } from '../keyed.js';
import { titleOf } from '../names.js';
import { Part } from '../part.js';
import type { Screen } from '../screen.js';
import './conversation-row.js';
import type { StoaConversationRow } from './conversation-row.js';

/** How many rows are drawn at first, and how many more each time that the end comes near. */
const STEP = 60;
/** Letters typed within this time are the beginning of one name. */
const TYPING_MS = 700;

/** Give it `screen` and the id of the `current` conversation. Fires `choose` with an id, bubbling. */
export class StoaConversationList extends Part {
  declare screen: Screen;
  declare current: string | undefined;
  declare private drawn: number;

  /** The row that the Tab key leads to. */
  #stop: string | undefined;
  #typed = { text: '', at: 0 };

  constructor() {
    super();
    this.drawn = STEP;
  }

  /** Puts focus on the row of a conversation, or on the first one. False: there is none. */
  async focusRow(id?: string): Promise<boolean> {
    await this.updateComplete;
    const rows = this.#rows();
    const row = rows.find(({ id: other }) => other === id) ?? rows[0];
    row?.link.focus();
    return row !== undefined;
  }

  protected override render(): TemplateResult {
    const { screen, current } = this;
    const { words, chat } = screen;
    const conversations = chat.model.value?.conversations.value ?? [];
    if (conversations.length === 0) return html`<div class="nothing"><p class="strong">${words.t('no-conversations')}</p><p>${words.t('no-conversations-hint')}</p></div>`;
    const stop = [this.#stop, current].find(id => conversations.some(conversation => conversation.id === id)) ?? conversations[0]?.id;
    // Safari takes the list away from a list without markers, unless it is told once more.
    /* eslint-disable lit-a11y/no-redundant-role */
    return html`
      <ul class="rows" role="list" @click=${this.#onClick} @keydown=${this.#onKey} @focusin=${this.#onFocus} @scroll=${this.#onScroll}>
        ${keyed(
          conversations.slice(0, this.drawn),
          ({ id }) => id,
          conversation => html`
            <li><stoa-conversation-row .screen=${screen} .conversation=${conversation} .current=${conversation.id === current} .stop=${conversation.id === stop}></stoa-conversation-row></li>
          `,
        )}
      </ul>
    `;
  }

  #rows(): readonly { readonly id: string; readonly conversation: Conversation; readonly link: HTMLElement }[] {
    return [...this.querySelectorAll<StoaConversationRow>('stoa-conversation-row')].flatMap(row => {
      const link = row.querySelector('a');
      return link ? [{ id: row.conversation.id, conversation: row.conversation, link }] : [];
    });
  }

  #idOf(target: EventTarget | null): string | undefined {
    return target instanceof Element ? this.#rows().find(({ link }) => link.contains(target))?.id : undefined;
  }

  readonly #onClick = (event: MouseEvent): void => {
    const id = this.#idOf(event.target);
    if (id === undefined) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('choose', { bubbles: true, detail: id }));
  };

  readonly #onFocus = (event: FocusEvent): void => {
    this.#stop = this.#idOf(event.target);
    this.requestUpdate();
  };

  readonly #onScroll = (event: Event): void => {
    const { scrollTop, clientHeight, scrollHeight } = event.currentTarget as HTMLElement;
    if (scrollTop + 2 * clientHeight > scrollHeight) this.#drawMore();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    const rows = this.#rows();
    const at = rows.findIndex(({ link }) => link.contains(event.target as Node));
    const to = this.#target(event.key, rows.length, at) ?? this.#named(event, rows, at);
    if (to === undefined) return;
    event.preventDefault();
    if (to >= rows.length - 1) this.#drawMore();
    rows[to]?.link.focus();
  };

  #target(key: string, count: number, at: number): number | undefined {
    switch (key) {
      case 'ArrowDown':
        return Math.min(at + 1, count - 1);
      case 'ArrowUp':
        return Math.max(at - 1, 0);
      case 'Home':
        return 0;
      case 'End':
        return count - 1;
      default:
        return undefined;
    }
  }

  /** The next row whose name begins with what is being typed. */
  #named(event: KeyboardEvent, rows: readonly { readonly conversation: Conversation }[], at: number): number | undefined {
    if (!/^\S$/u.test(event.key)) return undefined;
    const going = event.timeStamp - this.#typed.at < TYPING_MS;
    this.#typed = { text: (going ? this.#typed.text : '') + event.key.toLocaleLowerCase(), at: event.timeStamp };
    // Within one name the row one is on still counts.
    const from = this.#typed.text.length > 1 ? at : at + 1;
    const order = rows.map((_, index) => (from + index) % rows.length);
    return order.find(index => {
      const row = rows[index];
      return row && titleOf(row.conversation).toLocaleLowerCase().startsWith(this.#typed.text);
    });
  }

  #drawMore(): void {
    const all = this.screen.chat.model.peek()?.conversations.peek().length ?? 0;
    if (this.drawn < all) this.drawn += STEP;
  }
}

define('stoa-conversation-list', StoaConversationList, 'screen', 'current', 'drawn');

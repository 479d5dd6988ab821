/** Reads live messages to people who listen: one at a time, at most one line in a second, bursts as a number. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Disposable } from '../base/disposer.js';
import type { Conversation } from '../model/conversation.js';
import { define } from './define.js';
import { senderName } from './names.js';
import { Part } from './part.js';
import type { Screen } from './screen.js';

const PAUSE_MS = 1_000;
/** Nobody listens to the end of more. */
const LONGEST = 300;

export class StoaAnnouncer extends Part {
  declare screen: Screen;
  declare conversation: Conversation;

  #off: Disposable | undefined;
  /** Messages not said yet: the newest one's line, and how many there are. */
  #waiting: { readonly line: string; readonly count: number } | undefined;
  #pause: ReturnType<typeof setTimeout> | undefined;
  #said = '';
  #odd = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    void this.#off?.();
    this.#off = undefined;
    clearTimeout(this.#pause);
    this.#pause = this.#waiting = undefined;
  }

  protected override willUpdate(changed: ReadonlySet<PropertyKey>): void {
    if (changed.has('conversation')) {
      this.#said = '';
      this.#waiting = undefined;
    }
    if (this.#off && !changed.has('screen')) return;
    void this.#off?.();
    this.#off = this.screen.chat.on('message:received', ({ conversation, sender, body }) => {
      if (conversation !== this.conversation.id) return;
      const { words } = this.screen;
      const text = body === null ? words.t('unreadable') : body.slice(0, LONGEST);
      this.#waiting = { line: words.t('said-one', { name: senderName(this.conversation, sender, words), text }), count: (this.#waiting?.count ?? 0) + 1 };
      if (this.#pause === undefined) this.#say();
    });
  }

  protected override render(): TemplateResult {
    // Two templates in turn, so that the same words twice are two things said.
    const line = this.#odd ? html`<p>${this.#said}</p>` : html`<p class="even">${this.#said}</p>`;
    return html`<div class="hidden-text" aria-live="polite">${this.#said ? line : nothing}</div>`;
  }

  #say(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#pause = undefined;
    if (!waiting) return;
    this.#said = waiting.count === 1 ? waiting.line : this.screen.words.t('said-many', { count: waiting.count });
    this.#odd = !this.#odd;
    this.#pause = setTimeout(() => this.#say(), PAUSE_MS);
    this.requestUpdate();
  }
}

define('stoa-announcer', StoaAnnouncer, 'screen', 'conversation');

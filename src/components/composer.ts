/** Where one writes: grows with the text, keeps it as a draft, loses none of it. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { ChatError } from '../base/errors.js';
import { chatStates } from '../features/chat-states.js';
import { MAX_TEXT_BYTES, type Conversation } from '../model/conversation.js';
import { define } from './define.js';
import { sendIcon } from './icons.js';
import { Lasting } from './lasting.js';
import { titleOf } from './names.js';
import { Part } from './part.js';
import type { Screen } from './screen.js';
import { outlet } from './slot-outlet.js';
import { composerActions } from './slots.js';
import { isTrouble, LINGERS_MS, patienceWith } from './status-chip.js';

/** From this share of the limit on the room that is left is told. */
const NEARLY = 0.9;
const MOST_BYTES_PER_UNIT = 3;

/** How many characters more would fit; negative: how many are too many; undefined while there is plenty of room. About, as they differ in bytes. */
export const roomLeft = (text: string): number | undefined => {
  if (text.length * MOST_BYTES_PER_UNIT < MAX_TEXT_BYTES * NEARLY) return undefined;
  const bytes = new TextEncoder().encode(text).length;
  if (bytes < MAX_TEXT_BYTES * NEARLY) return undefined;
  return Math.floor(((MAX_TEXT_BYTES - bytes) * text.length) / bytes);
};

/** Fires `sent` when a message is on its way. */
export class StoaComposer extends Part {
  declare screen: Screen;
  declare conversation: Conversation;

  readonly #trouble = new Lasting(this, () => patienceWith(this.screen.chat.status.peek()), LINGERS_MS);
  /** Key of the sentence that says why sending failed. */
  #error: string | undefined;

  /** Puts the cursor into the field. */
  override focus(): void {
    this.#field?.focus();
  }

  protected override willUpdate(changed: ReadonlySet<PropertyKey>): void {
    if (changed.has('conversation')) this.#error = undefined;
  }

  protected override render(): TemplateResult {
    const { screen, conversation } = this;
    const { words, dates, chat } = screen;
    const text = conversation.draft.value;
    const name = titleOf(conversation);
    const trouble = isTrouble(chat.status.value) && this.#trouble.on;
    const left = roomLeft(text);
    const tooLong = left !== undefined && left < 0;
    const error = tooLong ? words.t('too-long', { count: -left }) : this.#error === undefined ? undefined : words.t(this.#error);
    return html`
      <form class="composer" part="composer" @submit=${this.#submit}>
        ${error === undefined ? nothing : html`<p class="error" role="alert" id="composer-error">${error}</p>`}
        <div class="line">
          <slot name="composer-start"></slot>
          ${outlet(screen, composerActions, { words, dates, conversation })}
          <div class="field" part="field">
            <textarea
              rows="1"
              dir=${text ? 'auto' : nothing}
              aria-label=${words.t('write-to', { name })}
              aria-describedby=${error === undefined ? 'composer-hint' : 'composer-error composer-hint'}
              aria-invalid=${tooLong ? 'true' : nothing}
              enterkeyhint=${coarse() ? 'enter' : 'send'}
              placeholder=${words.t(trouble ? 'sent-later' : 'write-placeholder')}
              @input=${this.#typed}
              @keydown=${this.#key}
            ></textarea>
            <button class="icon-button send" part="send" aria-label=${words.t('send')} ?data-ready=${text.trim() !== '' && !tooLong} @pointerdown=${keepFocus}>${sendIcon}</button>
          </div>
        </div>
        <p class="hint" id="composer-hint">
          ${trouble ? html`<span class="hidden-text">${words.t('sent-later')}</span>` : nothing}
          ${left !== undefined && !tooLong ? words.t('room-left', { count: left }) : nothing}
          <span role="status">${chat.unstored.value === undefined ? nothing : words.t(chat.unstored.value)}</span>
        </p>
      </form>
    `;
  }

  protected override updated(): void {
    const field = this.#field;
    const text = this.conversation.draft.peek();
    if (field && field.value !== text) {
      const { value, selectionStart, selectionEnd } = field;
      field.value = text;
      // What comes back before what is being typed leaves the cursor where it is in that.
      const before = text.length - value.length;
      if (value && text.endsWith(value)) field.setSelectionRange(before + selectionStart, before + selectionEnd);
    }
    this.#grow();
  }

  get #field(): HTMLTextAreaElement | null {
    return this.querySelector('textarea');
  }

  /** Where the style sheet cannot do it: as high as the text, up to what the style sheet allows. */
  #grow(): void {
    const field = this.#field;
    if (!field || CSS.supports('field-sizing', 'content')) return;
    field.style.setProperty('block-size', 'auto');
    field.style.setProperty('block-size', `${field.scrollHeight}px`);
  }

  readonly #typed = (event: Event): void => {
    const text = (event.target as HTMLTextAreaElement).value;
    this.#error = undefined;
    this.conversation.setDraft(text);
    this.#tellTyping(text === '');
  };

  #tellTyping(empty: boolean): void {
    this.screen.chat.registry.find(chatStates).peek()?.value.typed(this.conversation.id, empty);
  }

  readonly #key = (event: KeyboardEvent): void => {
    // While an input method composes, Enter belongs to it; Safari tells so by the key code alone.
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- nothing else tells it there
    if (event.key !== 'Enter' || event.isComposing || event.keyCode === 229) return;
    if (event.shiftKey || event.altKey || coarse()) return;
    event.preventDefault();
    event.stopPropagation();
    this.#send();
  };

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    this.#send();
  };

  #send(): void {
    const { conversation } = this;
    const text = this.#field?.value ?? '';
    const left = roomLeft(text);
    this.focus();
    if (!text.trim() || (left !== undefined && left < 0)) return;
    this.#error = undefined;
    // What is in the field is the draft, whatever put it there; so it leaves the field, and comes back if it must.
    conversation.setDraft(text);
    conversation.send(text).catch((error: unknown) => this.#failed(conversation, error));
    this.dispatchEvent(new CustomEvent('sent', { bubbles: true }));
  }

  #failed(conversation: Conversation, error: unknown): void {
    this.screen.chat.report('screen', error);
    if (conversation !== this.conversation) return;
    this.#error = error instanceof ChatError && error.domain === 'message' ? `delivery-${error.code}` : 'not-kept';
    this.requestUpdate();
  }
}

const coarse = (): boolean => matchMedia('(pointer: coarse)').matches;

/** A press on a button must not take the cursor out of the field, or a phone's keyboard goes away. */
const keepFocus = (event: Event): void => event.preventDefault();

define('stoa-composer', StoaComposer, 'screen', 'conversation');

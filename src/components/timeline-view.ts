/** The messages of a conversation: drawn in days and groups, kept where the reader is, read out of the store as the reader moves. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Message } from '../entities/message.js';
import type { Conversation } from '../model/conversation.js';
import { Attention } from './attention.js';
import { avatar } from './avatar.js';
import { define } from './define.js';
import { downIcon } from './icons.js';
import { LeftPlaces } from './left-places.js';
import { arrange, firstFresh, freshAfter, freshAtOpening, type Fresh } from './message-groups.js';
import { messageList } from './message-list.js';
import { titleOf } from './names.js';
import { Part } from './part.js';
import { createReadingOn } from './reading-on.js';
import { readKey } from './roving.js';
import type { Screen } from './screen.js';
import { ScrollKeeper } from './scroll-keeper.js';
import './typing.js';
import './waiting.js';

/** How many messages at once may still move in. */
const FEW = 3;
/** Where the line “New” is put at the opening, as a part of the height. */
const FRESH_AT = 0.2;

export class StoaTimelineView extends Part {
  declare screen: Screen;
  declare conversation: Conversation;

  readonly #attention = new Attention(this);
  readonly #sizes = new ResizeObserver(() => this.#settle());
  readonly #places = new LeftPlaces();
  readonly #report = (error: unknown): void => this.screen.chat.report('screen', error);
  readonly #readingOn = createReadingOn(this.#report);
  #opened: { readonly conversation: Conversation; readonly close: () => void } | undefined;
  #keeper: ScrollKeeper | undefined;
  #fresh: Fresh = freshAtOpening('', '');
  #drawn: readonly Message[] = [];
  /** Whether the reader has been put somewhere since the opening. */
  #placed = false;
  #following = true;
  #far = false;
  /** A frame that is waited for to go to the end. */
  #frame: number | undefined;
  #expanded: ReadonlySet<string> = new Set();
  /** Those that came last, if they were few: they move in. */
  #arriving: ReadonlySet<string> = new Set();

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#changed);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#changed);
    this.#sizes.disconnect();
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#leave();
  }

  /** Goes to the newest message and stays with what comes. */
  async toNewest(smoothly = false): Promise<void> {
    const { timeline } = this.conversation;
    if (!timeline.atEnd.peek()) await timeline.toEnd();
    await this.updateComplete;
    this.#keeper?.stick(smoothly);
    this.#settled();
  }

  protected override willUpdate(): void {
    if (this.#opened?.conversation !== this.conversation) this.#enter();
    if (this.#frame === undefined) this.#keeper?.note();
    this.#attention.noteFocus(this.#drawn);
    this.#arrivals();
    this.#fresh = freshAfter(this.#fresh, this.#attending, this.#newest);
  }

  protected override render(): TemplateResult {
    const { screen, conversation } = this;
    const { words } = screen;
    const { timeline } = conversation;
    const messages = timeline.messages.value;
    const ready = timeline.ready.value;
    const atStart = timeline.atStart.value;
    const atEnd = timeline.atEnd.value;
    const unread = conversation.unread.value;
    const count = unread.kind === 'unknown' ? 0 : unread.count;
    const days = arrange(messages, screen.dates.sameDay, firstFresh(messages, this.#fresh, atStart));
    const pill = ready && this.#placed && !(this.#keeper?.stuck ?? true) && (count > 0 || this.#far || !atEnd);
    return html`
      <div
        class="log"
        role="log"
        tabindex="-1"
        aria-live="off"
        aria-label=${words.t('messages')}
        @scroll=${this.#scrolled}
        @keydown=${this.#key}
        @click=${this.#click}
        @focusin=${this.#attention.focusIn}
        @focusout=${this.#attention.focusOut}
        @pointerover=${this.#attention.pointerOver}
        @pointerleave=${this.#attention.pointerLeave}
        @pointerdown=${this.#attention.pointerDown}
        @pointerup=${this.#attention.pointerUp}
        @pointercancel=${this.#attention.pointerUp}
      >
        <div class="column">
          ${ready && !atStart ? html`<div class="older">${words.t('loading-older')}</div>` : nothing}
          ${ready && messages.length === 0 ? this.#nothingYet() : nothing}
          ${messageList(days, messages, { screen, conversation, attention: this.#attention, expanded: this.#expanded, arriving: this.#arriving })}
          <stoa-typing .screen=${screen} .conversation=${conversation}></stoa-typing>
        </div>
      </div>
      ${ready ? nothing : html`<stoa-waiting .words=${words}></stoa-waiting>`}
      ${pill
        ? html`<button class="pill" aria-label=${count > 0 ? words.t('to-newest-new', { count }) : words.t('to-newest')} @click=${this.#pill}>
            ${downIcon}${count > 0 ? words.t(unread.kind === 'atLeast' ? 'pill-at-least' : 'pill-new', { count }) : nothing}
          </button>`
        : nothing}
    `;
  }

  protected override updated(): void {
    const log = this.querySelector<HTMLElement>('.log');
    const column = log?.firstElementChild;
    if (!log || !column) return;
    if (!this.#keeper) {
      this.#keeper = new ScrollKeeper(log, () => this.conversation.timeline.atEnd.peek());
      this.#sizes.observe(log);
      this.#sizes.observe(column);
    }
    this.#drawn = this.conversation.timeline.messages.peek();
    this.#attention.restoreFocus(this.#drawn);
    // At the end nothing is held in place, so a burst is not laid out in the task that draws it but in its frame.
    if (this.#placed && this.#keeper.stuck) this.#frame ??= requestAnimationFrame(this.#settle);
    else this.#settle();
  }

  readonly #settle = (): void => {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
    this.#keeper?.settle();
    this.#place();
    this.#settled();
  };

  get #newest(): string {
    const { preview, timeline } = this.conversation;
    const last = timeline.messages.peek().at(-1)?.position ?? '';
    const known = preview.peek()?.position ?? '';
    return last > known ? last : known;
  }

  /** Whether somebody sees the newest messages. */
  get #attending(): boolean {
    const keeper = this.#keeper;
    return this.#placed && document.visibilityState === 'visible' && keeper !== undefined && keeper.stuck && !keeper.hidden;
  }

  #enter(): void {
    this.#leave();
    const { conversation } = this;
    this.#opened = { conversation, close: conversation.timeline.open() };
    this.#fresh = freshAtOpening(conversation.readPosition.peek(), this.#newest);
    this.#placed = false;
    this.#drawn = [];
    this.#expanded = new Set();
    this.#attention.reset();
    this.#following = true;
    conversation.timeline.follow(true);
    if (this.#keeper) this.#keeper.stuck = true;
  }

  #leave(): void {
    const opened = this.#opened;
    if (!opened) return;
    this.#opened = undefined;
    this.#places.leave(opened.conversation, this.#placed ? this.#keeper?.hold : undefined);
    opened.close();
  }

  #arrivals(): void {
    const messages = this.conversation.timeline.messages.peek();
    if (messages === this.#drawn) return;
    const known = new Set(this.#drawn.map(({ id }) => id));
    const fresh = messages.filter(({ id }) => !known.has(id));
    if (fresh.length === 0) return;
    this.#arriving = new Set(this.#placed && fresh.length <= FEW && this.#keeper?.stuck ? fresh.map(({ id }) => id) : []);
  }

  /** After the opening: to the line “New”, or back to where the reader was, or to the end. */
  #place(): void {
    const keeper = this.#keeper;
    if (this.#placed || !keeper || keeper.hidden || !this.conversation.timeline.ready.peek()) return;
    this.#placed = true;
    const line = this.querySelector<HTMLElement>('.fresh');
    if (line) keeper.show({ element: line, offset: this.clientHeight * FRESH_AT });
    else this.#putBack().catch(this.#report);
    // What may be seen only once the reader stands somewhere, the pill for one.
    this.requestUpdate();
  }

  async #putBack(): Promise<void> {
    const { conversation } = this;
    const place = await this.#places.again(conversation);
    await this.updateComplete;
    const element = place && conversation === this.conversation && this.#attention.find(place.id);
    if (!element) return;
    this.#keeper?.show({ element, offset: place.offset });
    this.#settled();
  }

  /** What follows from where the reader stands now. */
  #settled(): void {
    const keeper = this.#keeper;
    if (!keeper || keeper.hidden || !this.#placed) return;
    const { timeline, unread } = this.conversation;
    if (keeper.stuck !== this.#following) {
      this.#following = keeper.stuck;
      timeline.follow(this.#following);
      this.requestUpdate();
    }
    const far = keeper.below > this.clientHeight;
    if (far !== this.#far) {
      this.#far = far;
      this.requestUpdate();
    }
    const now = unread.peek();
    if (this.#attending && !(now.kind === 'exact' && now.count === 0)) this.#readingOn.seen(this.conversation);
    const log = this.querySelector('.log');
    if (log) this.#readingOn.more(log, timeline, keeper.stuck);
  }

  #nothingYet(): TemplateResult {
    const { screen, conversation } = this;
    const title = titleOf(conversation);
    return html`<slot name="greeting"><div class="nothing-yet">${avatar(title, conversation.id)}<strong><bdi>${title}</bdi></strong><p>${screen.words.t('nothing-yet')}</p></div></slot>`;
  }

  readonly #changed = (): void => this.requestUpdate();

  readonly #scrolled = (): void => {
    this.#keeper?.note(this.#frame !== undefined);
    this.#settled();
  };

  readonly #pill = (): void => {
    this.toNewest(true).then(() => this.#attention.focusLast(), this.#report);
  };

  readonly #key = (event: KeyboardEvent): void => {
    const log = event.currentTarget as HTMLElement;
    const move = readKey(event, log);
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    if (move.to === 'message') this.#attention.focus(move.element);
    else if (move.to === 'inside') move.element.focus();
    else if (move.to === 'newest') this.#pill();
    else log.scrollTop = 0;
  };

  readonly #click = (event: MouseEvent): void => {
    const button = (event.target as Element).closest<HTMLElement>('[data-act]');
    const id = button?.closest<HTMLElement>('article')?.dataset['id'];
    if (!button || id === undefined) return;
    const { conversation } = this;
    const act = button.dataset['act'];
    if (act === 'expand') {
      this.#expanded = new Set(this.#expanded).add(id);
      this.requestUpdate();
    } else (act === 'retry' ? conversation.retry(id) : conversation.discard(id)).catch(this.#report);
  };
}

define('stoa-timeline-view', StoaTimelineView, 'screen', 'conversation');

/** One conversation on the screen: header, messages, the place to write, and what a screen reader hears. */
import { html, type TemplateResult } from 'lit/html.js';
import type { Conversation } from '../model/conversation.js';
import './announcer.js';
import './composer.js';
import './conversation-header.js';
import { define } from './define.js';
import { titleOf } from './names.js';
import { Part } from './part.js';
import { stoppedCard } from './problem-card.js';
import type { Screen } from './screen.js';
import { outlet } from './slot-outlet.js';
import { banners } from './slots.js';
import './status-chip.js';
import './timeline-view.js';
import type { StoaTimelineView } from './timeline-view.js';

/**
 * A conversation. Give it `screen` and `conversation`; `back` and `minimise` say whether those buttons are shown, and events of the
 * same names, which bubble, that they were pressed.
 */
export class StoaConversationView extends Part {
  declare screen: Screen;
  declare conversation: Conversation;
  declare back: boolean;
  declare minimise: boolean;

  /** Whether focus was where one writes when the drawing began. */
  #writing = false;

  constructor() {
    super();
    this.back = false;
    this.minimise = false;
  }

  /** Puts the cursor where one writes, or on the button of what stands in its place. Settles when it is there. */
  async focusField(): Promise<void> {
    await this.updateComplete;
    const composer = this.querySelector<Part>('stoa-composer');
    await composer?.updateComplete;
    (composer ?? this.querySelector<HTMLElement>('.problem button'))?.focus();
  }

  /** Puts focus on the title, where no keyboard of a phone opens. Settles when it is there. */
  async focusTitle(): Promise<void> {
    await this.updateComplete;
    await this.querySelector<Part>('stoa-conversation-header')?.updateComplete;
    this.querySelector<HTMLElement>('h2')?.focus();
  }

  protected override willUpdate(): void {
    this.#writing = this.querySelector('stoa-composer, .problem')?.contains((this.getRootNode() as Document | ShadowRoot).activeElement) ?? false;
  }

  protected override render(): TemplateResult {
    const { screen, conversation, back, minimise } = this;
    const { words, dates, chat } = screen;
    const status = chat.status.value;
    return html`
      <section class="conversation" aria-label=${words.t('conversation', { name: titleOf(conversation) })}>
        <stoa-conversation-header .screen=${screen} .conversation=${conversation} .back=${back} .minimise=${minimise}></stoa-conversation-header>
        ${outlet(screen, banners, { words, dates, conversation })}
        <div class="stage">
          <stoa-timeline-view .screen=${screen} .conversation=${conversation}></stoa-timeline-view>
          <stoa-status-chip .screen=${screen}></stoa-status-chip>
        </div>
        ${/* What was typed is kept meanwhile. */ status.name === 'failed'
          ? stoppedCard(status.problem, screen)
          : html`<stoa-composer .screen=${screen} .conversation=${conversation} @sent=${this.#sent}></stoa-composer>`}
        <stoa-announcer .screen=${screen} .conversation=${conversation}></stoa-announcer>
      </section>
    `;
  }

  protected override updated(): void {
    const active = (this.getRootNode() as Document | ShadowRoot).activeElement;
    if (this.#writing && (!active || active === document.body)) this.focusField().catch((error: unknown) => this.screen.chat.report('screen', error));
  }

  readonly #sent = (): void => {
    this.querySelector<StoaTimelineView>('stoa-timeline-view')?.toNewest().catch((error: unknown) => this.screen.chat.report('screen', error));
  };
}

define('stoa-conversation-view', StoaConversationView, 'screen', 'conversation', 'back', 'minimise');

/** The full client: sign-in, then the list of conversations beside the one that was chosen; in a narrow box one after the other. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Chat } from '../../app/chat.js';
import { untracked } from '../../base/signal.js';
import { pageWords } from '../../base/words/page.js';
import { isOnline, type Status } from '../../entities/status.js';
import { avatar } from '../avatar.js';
import '../conversation-view.js';
import type { StoaConversationView } from '../conversation-view.js';
import { define } from '../define.js';
import { entering } from '../entering.js';
import { chatIcon } from './chat-icon.js';
import { Part } from '../part.js';
import { stoppedCard } from '../problem-card.js';
import type { Screen } from '../screen.js';
import { outlet } from '../slot-outlet.js';
import { sidebarPanels } from '../slots.js';
import '../status-chip.js';
import { visibleName } from '../text.js';
import { adopt } from './adopt.js';
import './conversation-list.js';
import type { StoaConversationList } from './conversation-list.js';
import { listStyles } from './list-styles.js';
import './login.js';
import './new-chat.js';
import { pageStyles } from './page-styles.js';

const CONNECTION: Readonly<Record<Status['name'], string>> = {
  idle: 'presence-offline',
  connecting: 'status-connecting',
  online: 'presence-online',
  verifying: 'presence-online',
  sleeping: 'presence-offline',
  waiting: 'status-reconnecting',
  offline: 'presence-offline',
  failed: 'presence-offline',
};

/** Give it `screen`. */
export class StoaPageView extends Part {
  declare screen: Screen;
  /** Address of the conversation that is shown. */
  declare private chosen: string | undefined;
  /** Whether somebody new is being looked for. */
  declare private adding: boolean;

  /** Whether the narrow layout shows the conversation instead of the list. */
  #inside = false;
  #chat: Chat | undefined;
  /** Whether focus was in the sign-in when the drawing began. */
  #signingIn = false;

  constructor() {
    super();
    this.adding = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    adopt(this, [pageStyles, listStyles]);
  }

  protected override willUpdate(changed: ReadonlySet<PropertyKey>): void {
    if (changed.has('screen')) this.screen.words.add(pageWords);
    // Another account begins with nothing chosen, or with whom the options name.
    const { chat } = this.screen;
    this.#signingIn = this.querySelector('stoa-login')?.contains(this.#active()) ?? false;
    if (this.#chat === chat && chat.signIn.value === 'in') return;
    this.#chat = chat;
    this.chosen = chat.options.to || undefined;
    this.#inside = this.chosen !== undefined;
    this.adding = false;
  }

  protected override render(): TemplateResult {
    const { screen } = this;
    const { chat } = screen;
    const model = chat.model.value;
    // Whoever comes back is not shown a login first; whoever logs in sees theirs to its end.
    const asks = chat.options.auth === 'password' && (chat.signIn.value === 'out' || this.querySelector('stoa-login'));
    if (!model) return asks ? html`<stoa-login .screen=${screen}></stoa-login>` : entering(screen);
    const { chosen } = this;
    const conversation = chosen === undefined ? undefined : untracked(() => model.conversation(chosen));
    return html`
      <div class="columns ${this.#inside ? 'inside' : ''}" @choose=${this.#onChoose} @cancel=${this.#onCancel} @back=${this.#onBack}>
        ${this.#sidebar()}
        <div class="talk">${conversation ? html`<stoa-conversation-view .screen=${screen} .conversation=${conversation} .back=${true}></stoa-conversation-view>` : this.#nothingChosen()}</div>
      </div>
    `;
  }

  protected override updated(): void {
    // After the sign-in the list has the focus that the sign-in had.
    if (this.#signingIn && !this.querySelector('stoa-login')) this.#try(this.#focusList());
  }

  #sidebar(): TemplateResult {
    const { screen, adding, chosen } = this;
    const { words, dates } = screen;
    return html`
      <nav class="sidebar" part="sidebar" aria-label=${words.t('conversations')}>
        ${this.#account()}
        ${adding
          ? html`<stoa-new-chat .screen=${screen}></stoa-new-chat>`
          : html`
              <div class="list-head">
                <h2>${words.t('conversations')}</h2>
                <button class="button add" type="button" @click=${this.#onAdd}>${words.t('new-chat')}</button>
              </div>
              <stoa-conversation-list .screen=${screen} .current=${chosen}></stoa-conversation-list>
              ${outlet(screen, sidebarPanels, { words, dates })}
            `}
        <stoa-status-chip .screen=${screen} .whole=${true}></stoa-status-chip>
      </nav>
    `;
  }

  #account(): TemplateResult {
    const { words, chat } = this.screen;
    const address = chat.address.value;
    const name = visibleName(address?.split('@')[0] ?? '') || words.t('you');
    const status = chat.status.value;
    const failing = status.name === 'verifying' && status.failing === true;
    return html`
      <section class="account" aria-label=${words.t('account')}>
        <span class="portrait">${avatar(name, address ?? '')}<i class="presence ${isOnline(status) && !failing ? 'online' : 'offline'}"></i></span>
        <div class="lines">
          <p class="name" title=${address ?? nothing}><bdi>${name}</bdi></p>
          <p class="status">${words.t(failing ? 'status-verifying' : CONNECTION[status.name])}</p>
        </div>
        ${address === undefined || chat.options.auth === 'token' ? nothing : html`<button class="button quiet sign-out" type="button" @click=${this.#onSignOut}>${words.t('sign-out')}</button>`}
      </section>
    `;
  }

  #nothingChosen(): TemplateResult {
    const { words, chat } = this.screen;
    const status = chat.status.value;
    if (status.name === 'failed') return stoppedCard(status.problem, this.screen);
    return html`
      <div class="stage">
        <slot name="empty"><div class="nothing">${chatIcon}<p>${words.t('nothing-chosen')}</p></div></slot>
        <stoa-status-chip .screen=${this.screen}></stoa-status-chip>
      </div>
    `;
  }

  #active(): Element | null {
    return (this.getRootNode() as Document | ShadowRoot).activeElement;
  }

  async #focusList(id?: string): Promise<void> {
    await this.updateComplete;
    const focused = await this.querySelector<StoaConversationList>('stoa-conversation-list')?.focusRow(id);
    if (!focused) this.querySelector<HTMLElement>('.add')?.focus();
  }

  /** Into the field where there is room for both, onto the title where the conversation has taken the list's place. */
  async #focusTalk(): Promise<void> {
    await this.updateComplete;
    const view = this.querySelector<StoaConversationView>('stoa-conversation-view');
    const sidebar = this.querySelector('.sidebar');
    await (sidebar?.checkVisibility({ visibilityProperty: true }) ? view?.focusField() : view?.focusTitle());
  }

  #try(work: Promise<unknown>): void {
    work.catch((error: unknown) => this.screen.chat.report('screen', error));
  }

  readonly #onChoose = (event: CustomEvent<string>): void => {
    this.chosen = event.detail;
    this.#inside = true;
    this.adding = false;
    this.requestUpdate();
    this.#try(this.#focusTalk());
  };

  readonly #onBack = (): void => {
    this.#inside = false;
    this.requestUpdate();
    this.#try(this.#focusList(this.chosen));
  };

  readonly #onAdd = (): void => {
    this.adding = true;
    this.#inside = false;
    this.requestUpdate();
  };

  readonly #onCancel = (): void => {
    this.adding = false;
    this.updateComplete.then(() => this.querySelector<HTMLElement>('.add')?.focus(), (error: unknown) => this.screen.chat.report('screen', error));
  };

  readonly #onSignOut = (): void => this.#try(this.#signOut());

  /** Nothing that was written is lost without a question. */
  async #signOut(): Promise<void> {
    const { chat, words } = this.screen;
    const count = await chat.unsent();
    if (count === 0 || confirm(words.t('sign-out-unsent', { count }))) await chat.logOut();
  }
}

define('stoa-page-view', StoaPageView, 'screen', 'chosen', 'adding');

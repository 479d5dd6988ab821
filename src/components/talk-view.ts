/** What a bubble or a box shows: the one conversation it is there for, or what stands in its way. */
import { html, type TemplateResult } from 'lit/html.js';
import { untracked } from '../base/signal.js';
import './conversation-view.js';
import type { StoaConversationView } from './conversation-view.js';
import { define } from './define.js';
import { entering } from './entering.js';
import { Lazy } from './lazy.js';
import { Part } from './part.js';
import { problemCard } from './problem-card.js';
import type { Screen } from './screen.js';
import { titleBar } from './title-bar.js';

/** Give it `screen`; `minimise` shows that button, whose event of the same name bubbles. Fires `shown` when something else is shown than before. */
export class StoaTalkView extends Part {
  declare screen: Screen;
  declare minimise: boolean;

  readonly #login = new Lazy(this, () => import('./page/login.js'), error => this.screen.chat.report('screen', error));
  #shown = '';

  constructor() {
    super();
    this.minimise = false;
  }

  /** Puts focus where a person goes on: the field to write in, or on a phone the title, so that its keyboard stays down. False: nothing is there yet. */
  focusInside(title: boolean): boolean {
    const view = this.querySelector<StoaConversationView>('stoa-conversation-view');
    if (view) (title ? view.focusTitle() : view.focusField()).catch((error: unknown) => this.screen.chat.report('screen', error));
    const field = this.querySelector<HTMLElement>('.login input');
    field?.focus();
    return view !== null || field !== null;
  }

  protected override render(): TemplateResult {
    const { screen, minimise } = this;
    const { chat, words } = screen;
    const { auth, to } = chat.options;
    const model = chat.model.value;
    const conversation = model && untracked(() => model.conversation(to));
    if (conversation) {
      this.#shown = 'conversation';
      return html`<stoa-conversation-view .screen=${screen} .conversation=${conversation} .minimise=${minimise}></stoa-conversation-view>`;
    }
    const login = auth === 'password' && (chat.signIn.value === 'out' || this.querySelector('stoa-login')) ? this.#login.want() : 'waiting';
    this.#shown = login;
    return html`
      ${titleBar(words, login === 'ready' ? 'sign-in' : 'dialog-name', minimise)}
      ${login === 'ready'
        ? html`<stoa-login .screen=${screen}></stoa-login>`
        : login === 'failed'
          ? problemCard({ code: 'chunk-not-loaded', action: 'reload' }, words)
          : entering(screen)}
    `;
  }

  protected override updated(): void {
    this.dispatchEvent(new CustomEvent('shown', { bubbles: true, detail: this.#shown }));
  }
}

define('stoa-talk-view', StoaTalkView, 'screen', 'minimise');

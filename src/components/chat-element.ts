/** `<stoa-chat>`: the element of the page. It reads its options, keeps its chat, and shows it as a bubble, in a box or as a full client. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { readOptions, type Options, type OptionsInput, type TokenSource } from '../app/config.js';
import type { Plugin, PluginState } from '../app/plugin.js';
import type { Log } from '../base/log.js';
import { createWords, type Words } from '../base/words.js';
import type { Problem } from '../entities/status.js';
import { launcherIn, PANEL_ID, type Launcher } from '../page-door/corner.js';
import { domEvent, type PageChat, type PageEvents } from '../page-door/handle.js';
import { localeOf } from '../page-door/locale.js';
import { optionNames } from '../page-door/option-names.js';
import { ChatKeeper, type MakeChat } from './chat-keeper.js';
import { launcherBadge, withBadge, type BadgedLauncher } from './launcher-badge.js';
import { Lazy } from './lazy.js';
import { DRAWING_FAILED, Part } from './part.js';
import { addOptionProperties, optionsOf, setOption, takeEarlyProperties, type OptionProperties } from './option-properties.js';
import { Panel } from './panel.js';
import { PanelFocus } from './panel-focus.js';
import { problemCard } from './problem-card.js';
import { createScreen, type Screen } from './screen.js';
import { styles } from './styles/index.js';
import './talk-view.js';
import { Theme } from './theme.js';
import { titleBar } from './title-bar.js';
import './waiting.js';

/** How long a chat outlives its element's leaving the page: an element that is only moved is back at once. */
const GRACE_MS = 1_000;

/** Options whose change makes another chat. */
const CHAT_OPTIONS = ['domain', 'service', 'to', 'auth', 'username', 'mechanism', 'storage'] as const;

/**
 * The element; `make` is what the door to the page fills in. Attributes and properties are the options, besides `open`, which says whether
 * a bubble's panel is open. Events are those of `PageEvents`, as `stoa-ready`, `stoa-message-received` and so on.
 */
export abstract class StoaChatElement extends Part implements PageChat, OptionProperties {
  static readonly observedAttributes: readonly string[] = [...optionNames, 'open'];

  declare mode: OptionProperties['mode'];
  declare domain: OptionProperties['domain'];
  declare service: OptionProperties['service'];
  declare to: OptionProperties['to'];
  declare auth: OptionProperties['auth'];
  declare username: OptionProperties['username'];
  declare mechanism: OptionProperties['mechanism'];
  declare theme: OptionProperties['theme'];
  declare locale: OptionProperties['locale'];
  declare storage: OptionProperties['storage'];
  declare label: OptionProperties['label'];

  protected abstract readonly make: MakeChat;
  protected abstract readonly log: Log;

  readonly #report = (error: unknown): void => this.log.report(error);
  readonly #keeper = new ChatKeeper((input, plugins) => this.make(input, plugins), (event, detail) => this.#tell(event, detail));
  readonly #theme = new Theme(this, () => this.#options.theme, this.#report);
  readonly #panel = new Panel(this);
  readonly #focus = new PanelFocus(this);
  readonly #page = new Lazy(this, () => import('./page/page-view.js'), this.#report);
  /** Draws what the tag has not drawn, as there is none. */
  readonly #drawing = new Lazy(this, () => import('../page-door/launcher.js').then(({ createLauncher }) => this.#take(createLauncher(this.renderRoot as ShadowRoot))), this.#report);
  #launcher: BadgedLauncher | undefined;
  #token: TokenSource | undefined;
  #options: Options = readOptions({}).options;
  #problems: readonly Problem[] = [];
  #told = '';
  #words: Words = this.#wordsFor('');
  #screen: Screen | undefined;
  #leaving: ReturnType<typeof setTimeout> | undefined;
  #looking = false;
  #ended = false;
  #wasOpen = false;

  readonly plugins = Object.freeze({ add: (plugin: Plugin): Promise<PluginState> => this.#keeper.addPlugin(plugin) });

  /** As the option; another function takes the place of the present one from the next login on. */
  get token(): OptionProperties['token'] {
    return this.#token ?? this.getAttribute('token');
  }
  set token(value: OptionProperties['token']) {
    this.#token = typeof value === 'function' ? value : undefined;
    setOption(this, 'token', typeof value === 'function' ? null : value);
    this.#lookSoon();
  }

  get isOpen(): boolean {
    return this.isConnected && (this.#options.mode !== 'bubble' || this.hasAttribute('open'));
  }

  get unread(): number {
    return this.#keeper.chat.peek()?.model.peek()?.unread.peek() ?? 0;
  }

  open(): void {
    this.toggleAttribute('open', true);
  }

  close(): void {
    this.toggleAttribute('open', false);
  }

  toggle(): void {
    this.toggleAttribute('open');
  }

  on<K extends keyof PageEvents>(event: K, run: (detail: PageEvents[K]) => void): () => void {
    const hear = (heard: Event): void => {
      if (heard.target === this) run((heard as CustomEvent<PageEvents[K]>).detail);
    };
    this.addEventListener(domEvent(event), hear);
    return () => this.removeEventListener(domEvent(event), hear);
  }

  /** Takes the element out of the page and ends its chat, within 2 s. It does not come back. */
  async destroy(): Promise<void> {
    this.#ended = true;
    this.remove();
    clearTimeout(this.#leaving);
    await this.#keeper.end();
  }

  override connectedCallback(): void {
    clearTimeout(this.#leaving);
    takeEarlyProperties(this);
    super.connectedCallback();
    this.#lookSoon();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#leaving);
    if (!this.#ended) this.#leaving = setTimeout(() => this.#want(false), GRACE_MS);
  }

  attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    if (old === value) return;
    // What a page opens from the start takes no focus; what a click or a call opens does, also if the app came only then.
    if (name === 'open' && (old === null) !== (value === null)) this.#focus.want(value !== null && this.shadowRoot !== null);
    this.#lookSoon();
  }

  protected override createRenderRoot(): ShadowRoot {
    const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets.push(...styles, launcherBadge);
    root.addEventListener(DRAWING_FAILED, event => {
      event.preventDefault();
      this.drawingFailed((event as CustomEvent).detail);
    });
    // The tag may have drawn the launcher already; it stays where it is, behind what is drawn here, and keeps its focus.
    const drawn = launcherIn(root);
    if (drawn) this.#take(drawn);
    return root;
  }

  protected override drawingFailed(error: unknown): void {
    this.#report(error);
  }

  protected override render(): TemplateResult {
    const { mode } = this.#options;
    const open = this.isOpen;
    const { full } = this.#panel;
    return html`
      <div
        class="root in-${mode}"
        id=${PANEL_ID}
        part=${mode === 'bubble' ? 'panel' : 'box'}
        dir=${this.#words.direction}
        lang=${this.#words.locale}
        role=${mode === 'bubble' ? 'dialog' : nothing}
        aria-label=${mode === 'bubble' ? this.#words.t('dialog-name') : nothing}
        aria-modal=${mode === 'bubble' && full ? 'true' : nothing}
        tabindex=${mode === 'bubble' ? '-1' : nothing}
        ?hidden=${!open}
        @keydown=${this.#onKey}
        @minimise=${this.#onMinimise}
        @shown=${this.#focusInside}
      >
        ${this.#content()}
      </div>
    `;
  }

  protected override updated(): void {
    const { mode, label } = this.#options;
    const unread = this.#keeper.chat.value?.model.value?.unread.value ?? 0;
    if (this.#launcher) this.#launcher.corner.hidden = mode !== 'bubble';
    else if (mode === 'bubble') this.#drawing.want();
    this.#sayProblems();
    this.#launcher?.update({ label, open: this.isOpen, unread, words: this.#words, dark: this.#theme.dark });
    this.#focusInside();
  }

  #take(launcher: Launcher): void {
    this.#launcher = withBadge(launcher);
    launcher.corner.classList.remove('still');
    launcher.button.addEventListener('click', () => this.toggle());
  }

  #content(): unknown {
    const words = this.#words;
    const { mode } = this.#options;
    const minimise = mode === 'bubble';
    const trouble = this.#keeper.trouble.value;
    const problems = trouble ? [trouble] : this.#problems;
    const chat = this.#keeper.chat.value;
    if (problems.length > 0) return html`${titleBar(words, 'dialog-name', minimise)}${problems.map(problem => problemCard(problem, words, () => this.#keeper.again()))}`;
    if (!chat) return html`${titleBar(words, 'dialog-name', minimise)}<stoa-waiting .words=${words}></stoa-waiting>`;
    if (this.#screen?.chat !== chat || this.#screen.words !== words) this.#screen = createScreen(chat, words);
    if (mode !== 'page') return html`<stoa-talk-view .screen=${this.#screen} .minimise=${minimise}></stoa-talk-view>`;
    const page = this.#page.want();
    if (page === 'ready') return html`<stoa-page-view .screen=${this.#screen}></stoa-page-view>`;
    return page === 'failed' ? problemCard({ code: 'chunk-not-loaded', action: 'reload' }, words) : html`<stoa-waiting .words=${words}></stoa-waiting>`;
  }

  /** Several changes in one go are one change. */
  #lookSoon(): void {
    if (this.#looking) return;
    this.#looking = true;
    queueMicrotask(() => {
      this.#looking = false;
      if (this.isConnected && !this.#ended) this.#look();
    });
  }

  /** Makes everything as the attributes say now. */
  #look(): void {
    const { options, problems } = readOptions(this.#input());
    const words = this.#wordsFor(options.locale || localeOf(this));
    if (words.locale !== this.#words.locale) this.#words = words;
    this.#options = options;
    this.#problems = problems;
    const open = options.mode === 'bubble' && this.hasAttribute('open');
    if (!open) this.#focus.want(false);
    if (open) this.#panel.open();
    else this.#panel.close();
    this.#theme.refresh();
    // A bubble that was never opened loads, stores and connects nothing; one that was closed stays connected.
    this.#want(options.mode !== 'bubble' || open || this.#keeper.chat.peek() !== undefined);
    this.requestUpdate();
    if (open === this.#wasOpen) return;
    this.#wasOpen = open;
    if (!open) this.#focus.leave(() => this.#launcher?.button).catch(this.#report);
    this.#tell(open ? 'open' : 'close', undefined);
  }

  #input(): OptionsInput {
    return this.#token ? { ...optionsOf(this), token: () => this.#token?.() ?? Promise.reject(new Error('none')) } : optionsOf(this);
  }

  #wordsFor(locale: string): Words {
    return createWords(locale, this.#report);
  }

  #want(wanted: boolean): void {
    const key = JSON.stringify(CHAT_OPTIONS.map(name => this.#options[name]));
    const wish = wanted && this.#problems.length === 0 ? { key, input: this.#input() } : undefined;
    this.#keeper.want(wish).catch(this.#report);
  }

  /** Each problem of the options is told in the console once, when there are words for it; on the screen it stays until it is solved. */
  #sayProblems(): void {
    const sentences = this.#problems.map(({ code, params }) => this.#words.t(code, params));
    const said = sentences.join('\n');
    if (said === this.#told || sentences.includes('')) return;
    this.#told = said;
    for (const sentence of sentences) this.log.warn(sentence);
  }

  #tell(event: keyof PageEvents, detail: PageEvents[keyof PageEvents]): void {
    this.dispatchEvent(new CustomEvent(domEvent(event), { bubbles: true, composed: true, detail }));
  }

  readonly #focusInside = (): void => {
    if (this.isOpen) this.#focus.goInside(this.#panel.full);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (this.#options.mode !== 'bubble' || event.defaultPrevented) return;
    this.#panel.keepFocus(event, event.currentTarget as HTMLElement);
    if (event.key !== 'Escape' || event.isComposing) return;
    event.stopPropagation();
    event.preventDefault();
    this.close();
  };

  readonly #onMinimise = (): void => this.close();
}

addOptionProperties(StoaChatElement.prototype);

declare global {
  interface HTMLElementTagNameMap {
    'stoa-chat': StoaChatElement;
  }
}

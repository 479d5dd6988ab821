/** The panel of a bubble: what of it depends on the size of the screen, and where focus is while it is open. */
import type { Companion, Part } from './part.js';

/** What counts as a phone: there the panel fills the screen. */
const PHONE = '(max-width: 480px), (max-height: 480px) and (orientation: landscape)';
const FOCUSABLE = 'a[href], button, input, textarea, select, [tabindex]';

/** Makes the page stand still under a panel that covers it. */
const locked = (): CSSStyleSheet => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync('html{overflow:hidden!important}');
  return sheet;
};

export class Panel implements Companion {
  readonly #host: Part;
  readonly #phone = matchMedia(PHONE);
  readonly #lock = locked();
  /** Tells the sheet how much of the screen a keyboard leaves. */
  readonly #view = new CSSStyleSheet();
  #listening: AbortController | undefined;

  constructor(host: Part) {
    this.#host = host;
    this.#view.replaceSync(':host{}');
    host.addCompanion(this);
  }

  /** Whether it is open and fills the screen, over everything else. */
  get full(): boolean {
    return this.#listening !== undefined && this.#phone.matches;
  }

  hostConnected(): void {
    const root = this.#host.renderRoot as ShadowRoot;
    if (!root.adoptedStyleSheets.includes(this.#view)) root.adoptedStyleSheets.push(this.#view);
  }

  hostDisconnected(): void {
    this.close();
  }

  open(): void {
    if (this.#listening) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const fit = (): void => this.#fit();
    this.#phone.addEventListener('change', fit, { signal });
    for (const event of ['resize', 'scroll']) window.visualViewport?.addEventListener(event, fit, { signal });
    fit();
  }

  close(): void {
    this.#listening?.abort();
    this.#listening = undefined;
    this.#fit();
  }

  /** On a phone the Tab key goes round in the panel, as everything else is covered. */
  keepFocus(event: KeyboardEvent, panel: HTMLElement): void {
    if (event.key !== 'Tab' || !this.full) return;
    const stops = [...panel.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(element => element.tabIndex >= 0 && !element.matches(':disabled') && element.checkVisibility({ visibilityProperty: true }));
    const edge = event.shiftKey ? stops[0] : stops.at(-1);
    const active = (panel.getRootNode() as ShadowRoot).activeElement;
    if (!edge || (active !== edge && active !== panel)) return;
    if (active === panel && !event.shiftKey) return;
    event.preventDefault();
    (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
  }

  #fit(): void {
    const { full } = this;
    const sheets = document.adoptedStyleSheets.filter(sheet => sheet !== this.#lock);
    if (full || sheets.length !== document.adoptedStyleSheets.length) document.adoptedStyleSheets = full ? [...sheets, this.#lock] : sheets;
    const rule = this.#view.cssRules[0] as CSSStyleRule;
    const view = full ? window.visualViewport : null;
    // Pinched in, the viewport is smaller for another reason than a keyboard.
    if (view && view.scale <= 1.01) {
      rule.style.setProperty('--_view-height', `${view.height}px`);
      rule.style.setProperty('--_view-top', `${view.offsetTop}px`);
    } else {
      rule.style.removeProperty('--_view-height');
      rule.style.removeProperty('--_view-top');
    }
    this.#host.requestUpdate();
  }
}

/** Keeps the colours right: the theme that belongs here, and all that follows from the owner's brand, in one sheet that is written anew when something changes. */
import type { Theme as ThemeOption } from '../app/config.js';
import { onBrand, parseComputed } from '../page-door/colour.js';
import { isDark, watchScheme } from '../page-door/scheme.js';
import { Lazy } from './lazy.js';
import type { palette } from './palette.js';
import type { Companion, Part } from './part.js';
import { css } from './sheet.js';
import { themes, type ThemeValues } from './themes.js';

/** The browser turns whatever the page gave (a name, a function, a variable) into numbers here; what is not given is transparent. */
export const probe: CSSStyleSheet = css`
  .probe {
    display: none;
    forced-color-adjust: none;
    color: color-mix(in srgb, var(--stoa-brand, transparent), var(--stoa-brand, transparent));
    background: color-mix(in srgb, var(--stoa-brand-dark, transparent), var(--stoa-brand-dark, transparent));
    outline-color: color-mix(in srgb, var(--stoa-surface, transparent), var(--stoa-surface, transparent));
    text-decoration-color: color-mix(in srgb, var(--stoa-bubble, transparent), var(--stoa-bubble, transparent));
  }
`;

const MORE_CONTRAST = '(prefers-contrast: more)';

/** The properties that the brand decides, unless the page sets them. */
const asSheet = (values: ThemeValues): string => `:host{${Object.entries(values).map(([name, value]) => `--_${name}:${name === 'brand' ? value : `var(--stoa-${name},${value})`}`).join(';')}}`;

/** The theme of an element, followed live. */
export class Theme implements Companion {
  dark = false;
  readonly #host: Part;
  readonly #option: () => ThemeOption;
  readonly #sheet = new CSSStyleSheet();
  readonly #wish = matchMedia(MORE_CONTRAST);
  readonly #probe = document.createElement('i');
  readonly #loading: Lazy;
  #palette: typeof palette | undefined;
  #text = '';
  #unwatch: (() => void) | undefined;

  constructor(host: Part, option: () => ThemeOption, onError: (error: unknown) => void) {
    this.#host = host;
    this.#option = option;
    this.#loading = new Lazy(host, () => import('./palette.js').then(module => this.#use(module.palette)), onError);
    this.#probe.className = 'probe';
    host.addCompanion(this);
  }

  hostConnected(): void {
    const root = this.#host.renderRoot as ShadowRoot;
    if (!this.#probe.isConnected) root.prepend(this.#probe);
    if (!root.adoptedStyleSheets.includes(this.#sheet)) root.adoptedStyleSheets.push(this.#sheet);
    this.#unwatch = watchScheme(this.#host, this.refresh);
    this.#wish.addEventListener('change', this.refresh);
    this.refresh();
  }

  hostDisconnected(): void {
    this.#unwatch?.();
    this.#wish.removeEventListener('change', this.refresh);
  }

  /** Looks again at what is asked for and what the page gives. */
  readonly refresh = (): void => {
    const option = this.#option();
    const dark = isDark(this.#host, option);
    const contrast = option === 'contrast' || (option === 'auto' && this.#wish.matches);
    const text = asSheet(this.#values(dark, contrast));
    if (text === this.#text) return;
    this.#text = text;
    this.dark = dark;
    this.#sheet.replaceSync(text);
    this.#host.requestUpdate();
  };

  #use(made: typeof palette): void {
    this.#palette = made;
    this.refresh();
  }

  #values(dark: boolean, contrast: boolean): ThemeValues {
    const plain = themes[dark ? 'dark' : 'light'];
    const { color, backgroundColor, outlineColor, textDecorationColor } = getComputedStyle(this.#probe);
    const ownDark = dark ? parseComputed(backgroundColor) : undefined;
    const brand = ownDark ?? parseComputed(color);
    if (!brand && !contrast) return plain;
    this.#loading.want();
    if (this.#palette) return this.#palette({ dark, contrast, brand, forDark: ownDark !== undefined, surface: parseComputed(outlineColor), bubble: parseComputed(textDecorationColor) });
    // Until the palette is there the brand stands as it is.
    return brand ? { ...plain, brand: ownDark ? backgroundColor : color, 'on-brand': onBrand(brand) } : plain;
  }
}

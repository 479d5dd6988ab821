/** Keeps the colours right: the theme that belongs here, and all that follows from the owner's brand, in one sheet that is written anew when something changes. */
import type { Theme as ThemeOption } from '../app/config.js';
import { isDark, watchScheme } from '../page-door/scheme.js';
import { Lazy } from './lazy.js';
import type { Palette } from './palette.js';
import type { Companion, Part } from './part.js';
import { themes, type ThemeValues } from './themes.js';

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
  readonly #loading: Lazy;
  #palette: Palette | undefined;
  #text = '';
  #unwatch: (() => void) | undefined;

  constructor(host: Part, option: () => ThemeOption, onError: (error: unknown) => void) {
    this.#host = host;
    this.#option = option;
    this.#loading = new Lazy(host, () => import('./palette.js').then(({ createPalette }) => this.#use(createPalette(host.renderRoot as ShadowRoot))), onError);
    host.addCompanion(this);
  }

  hostConnected(): void {
    const root = this.#host.renderRoot as ShadowRoot;
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

  #use(palette: Palette): void {
    this.#palette = palette;
    this.refresh();
  }

  #values(dark: boolean, contrast: boolean): ThemeValues {
    const plain = themes[dark ? 'dark' : 'light'];
    const page = getComputedStyle(this.#host);
    const given = [dark ? '--stoa-brand-dark' : '', '--stoa-brand'].find(name => page.getPropertyValue(name));
    if (!given && !contrast) return plain;
    this.#loading.want();
    if (this.#palette) return this.#palette(dark, contrast);
    // Until the palette is there the brand stands as it is.
    return given ? { ...plain, brand: `var(${given})` } : plain;
  }
}

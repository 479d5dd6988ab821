import { expect, waitUntil } from '@open-wc/testing';
import type { StoaChatElement } from '../../src/components/chat-element.js';
import { contrast, parseHex } from '../../src/components/brand.js';
import { contrastThemes } from '../../src/components/contrast-themes.js';
import { themes } from '../../src/components/themes.js';
import { parseComputed, type Rgb } from '../../src/page-door/colour.js';
import { addElement, defineFakeElement, GOOD, inside } from '../support/fake-element.js';

/** What the system wishes; not every browser can be told by its driver. */
const system = Object.assign(new EventTarget(), { matches: false });
const wish = (dark: boolean): void => {
  system.matches = dark;
  system.dispatchEvent(new Event('change'));
};
const { matchMedia } = window;
window.matchMedia = query => (query === '(prefers-color-scheme: dark)' ? (system as unknown as MediaQueryList) : matchMedia.call(window, query));

defineFakeElement();

describe('the colours of an element', () => {
  let element: StoaChatElement;
  const page = document.documentElement;
  const show = async (options: Readonly<Record<string, string>> = {}): Promise<void> => {
    element = addElement({ ...GOOD, mode: 'inline', ...options });
    await waitUntil(() => element.shadowRoot?.querySelector('textarea'));
  };
  /** The value of a token where the screen uses it, as a colour. */
  const token = (name: string): Rgb => {
    const probe = document.createElement('i');
    inside(element, '.root').append(probe);
    probe.style.color = `color-mix(in srgb, var(--stoa-${name}), var(--stoa-${name}))`;
    const colour = parseComputed(getComputedStyle(probe).color);
    probe.remove();
    if (!colour) throw new Error(`--stoa-${name} is no colour`);
    return colour;
  };
  const is = (name: string, hex: string): boolean => token(name).every((value, index) => Math.abs(value - (parseHex(hex)[index] ?? 0)) < 0.003);
  const all = { ...themes, ...contrastThemes };
  const isTheme = (name: keyof typeof all): boolean => is('surface', all[name].surface) && is('text', all[name].text) && is('brand', all[name].brand);

  afterEach(async () => {
    await element.destroy();
    page.removeAttribute('data-theme');
    page.removeAttribute('class');
    page.removeAttribute('style');
    document.querySelector('style')?.remove();
    wish(false);
  });

  it('are those of the theme that is asked for', async () => {
    for (const theme of ['light', 'dark', 'contrast'] as const) {
      await show({ theme });
      await waitUntil(() => isTheme(theme), theme);
      await element.destroy();
    }
    await show({ theme: 'light' });
  });

  it('follow the system, live', async () => {
    await show();
    expect(isTheme('light')).to.equal(true);
    wish(true);
    await waitUntil(() => isTheme('dark'));
  });

  it('follow the page before the system: its data-theme, then its color-scheme', async () => {
    wish(true);
    page.setAttribute('style', 'color-scheme: light');
    await show();
    expect(isTheme('light')).to.equal(true);
    page.setAttribute('style', 'color-scheme: light dark');
    await waitUntil(() => isTheme('dark'));
    page.setAttribute('data-theme', 'light');
    await waitUntil(() => isTheme('light'));
  });

  it('take a property from wherever the page sets it, also later', async () => {
    const style = document.createElement('style');
    style.textContent = ':root { --stoa-surface: rgb(1, 2, 3) } .other { --stoa-surface: rgb(4, 5, 6) !important }';
    document.head.append(style);
    await show();
    expect(is('surface', '#010203')).to.equal(true);
    page.className = 'other';
    expect(is('surface', '#040506')).to.equal(true);
  });

  for (const brand of ['#ffd400', 'tomato', 'oklch(0.75 0.15 160)', '#2f6b4f', 'hsl(280 80% 30%)']) {
    for (const theme of ['light', 'dark', 'contrast']) {
      it(`that follow from ${brand} can be read in the theme ${theme}`, async () => {
        page.setAttribute('style', `--stoa-brand: ${brand}`);
        await show({ theme });
        const least = theme === 'contrast' ? 6.9 : 4.49;
        await waitUntil(() => contrast(token('brand-text'), token('surface')) >= least && contrast(token('focus'), token('surface')) >= 2.99);
        for (const behind of ['surface', 'bubble']) expect(contrast(token('brand-text'), token(behind)), `text on ${behind}`).to.be.at.least(least);
        expect(contrast(token('focus'), token('surface'))).to.be.at.least(2.99);
        expect(contrast(token('on-brand'), token('brand'))).to.be.at.least(4.49);
        expect(contrast(token('text'), token('selected'))).to.be.at.least(4.49);
      });
    }
  }

  it('take the brand as it is in the light, and the owner’s own for the dark', async () => {
    page.setAttribute('style', '--stoa-brand: #00aa77; --stoa-brand-dark: #112233');
    await show();
    expect(is('brand', '#00aa77')).to.equal(true);
    page.setAttribute('data-theme', 'dark');
    await waitUntil(() => is('brand', '#112233'));
    expect(is('on-brand', '#ffffff')).to.equal(true);
  });

  it('have the brand as it is from the start, before what follows from it is there', () => {
    page.setAttribute('style', '--stoa-brand: #00aa77');
    element = addElement({ ...GOOD, mode: 'inline', theme: 'dark' });
    expect(getComputedStyle(element).getPropertyValue('--_brand').trim()).to.equal('#00aa77');
  });

  it('lift the brand in the dark, where the owner has chosen nothing else', async () => {
    page.setAttribute('style', '--stoa-brand: #2f6b4f');
    await show({ theme: 'dark' });
    await waitUntil(() => !is('brand', '#2f6b4f'));
    expect(contrast(token('brand'), token('surface'))).to.be.at.least(4.49);
  });

  it('are drawn without a style attribute', async () => {
    await show();
    // A field that cannot size itself is sized by script, which strict pages allow.
    expect(element.shadowRoot?.querySelectorAll('[style]:not(textarea), style')).to.have.length(0);
    expect(element.hasAttribute('style')).to.equal(false);
  });

  it('do not come from the page by inheritance', async () => {
    const style = document.createElement('style');
    style.textContent = 'body, stoa-chat { color: rgb(255, 0, 255); letter-spacing: 1em; text-transform: uppercase; font: 40px cursive; line-height: 5; cursor: none }';
    document.head.append(style);
    await show();
    const { color, letterSpacing, textTransform, fontSize, cursor } = getComputedStyle(inside(element, '.root'));
    expect([color, letterSpacing, textTransform, fontSize, cursor]).to.deep.equal(['rgb(22, 24, 29)', 'normal', 'none', '15px', 'auto']);
  });
});

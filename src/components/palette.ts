/** The colours where the two themes do not do: more contrast, or the owner's brand and all that follows from it. */
import { parseComputed } from '../page-door/colour.js';
import { brandValues, parseHex } from './brand.js';
import { contrastThemes } from './contrast-themes.js';
import { css } from './sheet.js';
import { themes, type ThemeValues } from './themes.js';

/** The browser turns whatever the page gave (a name, a function, a variable) into numbers here; what is not given is transparent. */
const probe = css`
  .probe {
    display: none;
    forced-color-adjust: none;
    color: color-mix(in srgb, var(--stoa-brand, transparent), var(--stoa-brand, transparent));
    background: color-mix(in srgb, var(--stoa-brand-dark, transparent), var(--stoa-brand-dark, transparent));
    outline-color: color-mix(in srgb, var(--stoa-surface, transparent), var(--stoa-surface, transparent));
    text-decoration-color: color-mix(in srgb, var(--stoa-bubble, transparent), var(--stoa-bubble, transparent));
  }
`;

/** The values for a theme, by what the page gives now. */
export type Palette = (dark: boolean, contrast: boolean) => ThemeValues;

/** The palette of a shadow root. */
export const createPalette = (root: ShadowRoot): Palette => {
  const element = document.createElement('i');
  element.className = 'probe';
  root.adoptedStyleSheets.push(probe);
  root.prepend(element);
  return (dark, contrast) => {
    const values = contrast ? contrastThemes[dark ? 'contrastDark' : 'contrast'] : themes[dark ? 'dark' : 'light'];
    const given = getComputedStyle(element);
    const ownDark = dark ? parseComputed(given.backgroundColor) : undefined;
    const brand = ownDark ?? parseComputed(given.color);
    if (!brand) return values;
    const ground = [parseComputed(given.outlineColor) ?? parseHex(values.surface), parseComputed(given.textDecorationColor) ?? parseHex(values.bubble)] as const;
    // In the light theme, and where the owner chose it for the dark one, the brand is taken as it is for what it fills.
    return { ...values, ...brandValues(brand, ground, !contrast && (!dark || ownDark !== undefined), contrast ? 7 : 4.5) };
  };
};

/** The colours where the two themes do not do: more contrast, or the owner's brand and all that follows from it. */
import type { Rgb } from '../page-door/colour.js';
import { brandValues, parseHex } from './brand.js';
import { contrastThemes } from './contrast-themes.js';
import { themes, type ThemeValues } from './themes.js';

/** What is asked for here; a colour that the page does not give is undefined. */
export interface Wanted {
  readonly dark: boolean;
  readonly contrast: boolean;
  readonly brand: Rgb | undefined;
  /** Whether the owner chose the brand for the dark theme. */
  readonly forDark: boolean;
  readonly surface: Rgb | undefined;
  readonly bubble: Rgb | undefined;
}

export const palette = ({ dark, contrast, brand, forDark, surface, bubble }: Wanted): ThemeValues => {
  const values = contrast ? contrastThemes[dark ? 'contrastDark' : 'contrast'] : themes[dark ? 'dark' : 'light'];
  if (!brand) return values;
  // In the light theme, and where the owner chose it for the dark one, the brand is taken as it is for what it fills.
  return { ...values, ...brandValues(brand, [surface ?? parseHex(values.surface), bubble ?? parseHex(values.bubble)], !contrast && (!dark || forDark), contrast ? 7 : 4.5) };
};

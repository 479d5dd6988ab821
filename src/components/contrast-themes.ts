/** The colours for those who ask for more contrast, which few do: by the name of their property, as in `themes.ts`. */
import type { ThemeValues } from './themes.js';

const contrast: ThemeValues = {
  surface: '#ffffff', text: '#000000', muted: '#2f3540', bubble: '#eef0f4', 'on-bubble': '#000000',
  brand: '#1d3aa8', 'on-brand': '#ffffff', 'brand-text': '#1d3aa8', focus: '#1d3aa8',
  border: '#3d4450', divider: '#3d4450', sidebar: '#ffffff', selected: '#dfe5fb',
  danger: '#8c1a11', success: '#0d5229', warning: '#633900', badge: '#a5122a',
  shadow: '0 0 0 1px #000000',
};

const contrastDark: ThemeValues = {
  surface: '#000000', text: '#ffffff', muted: '#d5d9e2', bubble: '#1a1d24', 'on-bubble': '#ffffff',
  brand: '#b3c1ff', 'on-brand': '#000000', 'brand-text': '#b3c1ff', focus: '#b3c1ff',
  border: '#b4bac6', divider: '#b4bac6', sidebar: '#000000', selected: '#232b4d',
  danger: '#ffb3ac', success: '#7fdcae', warning: '#ffd27a', badge: '#a5122a',
  shadow: '0 0 0 1px #ffffff',
};

export const contrastThemes: Readonly<Record<'contrast' | 'contrastDark', ThemeValues>> = { contrast, contrastDark };

/** The colours of each theme, by the name of their property without `--stoa-`; `themes/*.css` gives the same to site owners, and a test compares them. */

const light = {
  surface: '#ffffff', text: '#16181d', muted: '#5b6270', bubble: '#f1f2f5', 'on-bubble': '#16181d',
  brand: '#3b5bdb', 'on-brand': '#ffffff', 'brand-text': '#3b5bdb', focus: '#3b5bdb',
  border: '#868d9b', divider: '#e2e4e9', sidebar: '#f7f8fa', selected: '#e4e9fb',
  danger: '#b42318', success: '#187a41', warning: '#8f5300', badge: '#d6293e',
  shadow: '0 1px 2px #0002, 0 8px 24px #0003',
} as const;

export type ThemeValue = keyof typeof light;
export type ThemeValues = Readonly<Record<ThemeValue, string>>;

const dark: ThemeValues = {
  surface: '#16181d', text: '#eceef2', muted: '#a3aab8', bubble: '#262a32', 'on-bubble': '#eceef2',
  brand: '#91a7ff', 'on-brand': '#0b1020', 'brand-text': '#91a7ff', focus: '#91a7ff',
  border: '#6d7584', divider: '#ffffff1a', sidebar: '#121419', selected: '#2b3350',
  danger: '#ff8f85', success: '#4cc38a', warning: '#f0b040', badge: '#d6293e',
  shadow: '0 1px 2px #0002, 0 8px 24px #0003, 0 0 0 1px #fff1',
};

export const themes: Readonly<Record<'light' | 'dark', ThemeValues>> = { light, dark };

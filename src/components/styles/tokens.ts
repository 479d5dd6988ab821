/**
 * Gives every public property a value inside the shadow root, so that all other sheets simply say `var(--stoa-surface)`.
 * A property that the page sets anywhere above (`:root`, `stoa-chat`, an attribute) wins and stays live: the host computes `--_x` from it,
 * and `.root`, which inherits `--_x`, hands it on under the public name. Colours are filled in by `theme.ts`.
 */
import { sheet } from '../sheet.js';

/** Properties that are no colours, with their defaults. Sizes are in `em` of the root's text, 15 px unless the reader asked for larger text. */
export const shapes = {
  font: 'system-ui, sans-serif',
  'font-size': 'max(15px, .9375rem)',
  radius: '20px',
  'bubble-radius': '18px',
  z: '1000',
  'inset-x': '20px',
  'inset-y': '20px',
  width: '26.6667em',
  height: '45.3333em',
  'launcher-size': '3.7333em',
  'sidebar-width': 'clamp(18.6667em, 26cqi, 21.3333em)',
  'details-width': '21.3333em',
  'row-height': '4.2667em',
  'message-max': '42.6667em',
  motion: '200ms',
} as const;

const colours = [
  'surface', 'text', 'muted', 'bubble', 'on-bubble', 'brand', 'on-brand', 'brand-text', 'focus', 'border', 'divider', 'sidebar', 'selected',
  'danger', 'success', 'warning', 'badge', 'shadow',
] as const;

const lines = (entries: readonly string[]): string => entries.join(';');

/** `--stoa-brand-text` (the brand as text, link or icon on surface and bubble) is ours: it is computed from the brand. */
export const tokens: CSSStyleSheet = sheet(`
:host{${lines(Object.entries(shapes).map(([name, value]) => `--_${name}:var(--stoa-${name},${value})`))}}
.root{${lines([...Object.keys(shapes), ...colours].map(name => `--stoa-${name}:var(--_${name})`))}}
`);

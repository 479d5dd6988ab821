/** A round picture for a name: its first letters on a colour that stays the same for an address. */
import { html, type TemplateResult } from 'lit/html.js';
import { visibleName } from './text.js';

const HUES = 8;

const hue = (address: string): number => {
  let sum = 0;
  for (let index = 0; index < address.length; index += 1) sum = (sum * 33 + address.charCodeAt(index)) % 4_294_967_291;
  return sum % HUES;
};

const letters = (name: string): string =>
  visibleName(name)
    .split(/[\s._-]+/u)
    .filter(Boolean)
    .slice(0, 2)
    .map(word => Array.from(word)[0] ?? '')
    .join('')
    .toLocaleUpperCase();

/** The avatar of an address; what it says is said by the name beside it. */
export const avatar = (name: string, address: string): TemplateResult => html`<span class="avatar hue-${hue(address)}" aria-hidden="true">${letters(name)}</span>`;

/** The top of a panel in which there is no conversation yet. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { WordKey, Words } from '../base/words.js';
import { chevronDownIcon } from './icons.js';

const fire = ({ currentTarget }: Event): void => void currentTarget?.dispatchEvent(new CustomEvent('minimise', { bubbles: true }));

/** A title and, in a panel, the button whose press is the bubbling event `minimise`. */
export const titleBar = (words: Words, title: WordKey, minimise: boolean): TemplateResult => html`
  <header class="title-bar" part="header">
    <h2 tabindex="-1">${words.t(title)}</h2>
    ${minimise ? html`<button class="icon-button minimise" type="button" aria-label=${words.t('minimise')} @click=${fire}>${chevronDownIcon}</button>` : nothing}
  </header>
`;

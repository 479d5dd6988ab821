/** The top of a panel in which there is no conversation yet. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { WordKey, Words } from '../base/words.js';
import { chevronDownIcon } from './icons.js';

/** A button at the top of what it goes back from or minimises: its press is the bubbling event of its name. */
export const barButton = (words: Words, name: 'back' | 'minimise', icon: TemplateResult): TemplateResult =>
  html`<button class="icon-button ${name}" type="button" aria-label=${words.t(name)} @click=${({ currentTarget }: Event) => currentTarget?.dispatchEvent(new CustomEvent(name, { bubbles: true }))}>${icon}</button>`;

/** A title and, in a panel, the button that minimises it. */
export const titleBar = (words: Words, title: WordKey, minimise: boolean): TemplateResult => html`
  <header class="title-bar" part="header">
    <h2 tabindex="-1">${words.t(title)}</h2>
    ${minimise ? barButton(words, 'minimise', chevronDownIcon) : nothing}
  </header>
`;

/** The bubble that stands for the chat where a page gives no picture of its own. */
import { html } from 'lit/html.js';

export const chatIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path d="M12 4c-4.8 0-8.6 3.1-8.6 7 0 2.1 1.1 4 2.9 5.3L5.6 20.2l4-2c.8.1 1.6.2 2.4.2 4.8 0 8.6-3.1 8.6-7.2S16.8 4 12 4z" />
</svg>`;

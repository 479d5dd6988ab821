/** The icons: lines of 2 on a grid of 24, in the colour of the text around them. */
import { html } from 'lit/html.js';

export const backIcon = html`<svg class="directional" viewBox="0 0 24 24" aria-hidden="true"><path d="M15 5l-7 7 7 7" /></svg>`;
export const chevronDownIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 9l7 7 7-7" /></svg>`;
export const chatIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <path d="M12 4c-4.8 0-8.6 3.1-8.6 7 0 2.1 1.1 4 2.9 5.3L5.6 20.2l4-2c.8.1 1.6.2 2.4.2 4.8 0 8.6-3.1 8.6-7.2S16.8 4 12 4z" />
</svg>`;
export const sendIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 19.5v-15M5.5 11L12 4.5 18.5 11" /></svg>`;
export const downIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4.5v15M5.5 13L12 19.5 18.5 13" /></svg>`;
export const lockIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true"><rect x="5" y="11" width="14" height="9.5" rx="2.5" /><path d="M8 11V8a4 4 0 0 1 8 0v3" /></svg>`;
export const alertIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9" /><path d="M12 7.5v5.5M12 16.5v.01" /></svg>`;
export const doubtIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <circle cx="12" cy="12" r="9" stroke-dasharray="3.5 3.57" />
  <path d="M9.6 9.5a2.45 2.45 0 1 1 3.6 2.2c-.8.4-1.200.9-1.2 1.8M12 16.8v.01" />
</svg>`;

/* How far an own message got: the shapes differ, colour only adds. */
export const clockIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8.5" /><path d="M12 7.5V12l3 2" /></svg>`;
export const tickIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M5 12.5l4.5 4.5L19 7.5" /></svg>`;
export const ticksIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M1.5 12.5L6 17l9-9.5M11.5 16l1 1 9.5-9.5" /></svg>`;
export const readIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <circle class="disc" cx="12" cy="12" r="11" />
  <path class="cut" d="M4.8 12.5l3.2 3.2 5.7-6.2M11.5 15l.7.7 6.2-6.2" />
</svg>`;

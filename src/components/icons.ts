/** The icons: lines of 2 on a grid of 24, in the colour of the text around them. */
import { html, type TemplateResult } from 'lit/html.js';

const icon = (lines: string): TemplateResult => html`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${lines} /></svg>`;

export const backIcon = html`<svg class="directional" viewBox="0 0 24 24" aria-hidden="true"><path d="M15 5l-7 7 7 7" /></svg>`;
export const chevronDownIcon = icon('M5 9l7 7 7-7');
export const sendIcon = icon('M12 19.5v-15M5.5 11L12 4.5 18.5 11');
export const downIcon = icon('M12 4.5v15M5.5 13L12 19.5 18.5 13');
export const lockIcon = icon('M7.5 11h9A2.5 2.5 0 0 1 19 13.5V18a2.5 2.5 0 0 1-2.5 2.5h-9A2.5 2.5 0 0 1 5 18v-4.5A2.5 2.5 0 0 1 7.5 11zM8 11V8a4 4 0 0 1 8 0v3');
export const alertIcon = icon('M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 7.5V13M12 16.5v.01');
export const doubtIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <circle cx="12" cy="12" r="9" stroke-dasharray="3.5 3.57" />
  <path d="M9.6 9.5a2.45 2.45 0 1 1 3.6 2.2c-.8.4-1.2.9-1.2 1.8M12 16.8v.01" />
</svg>`;

/* How far an own message got: the shapes differ, colour only adds. */
export const clockIcon = icon('M12 3.5a8.5 8.5 0 1 1 0 17 8.5 8.5 0 0 1 0-17zM12 7.5V12l3 2');
export const tickIcon = icon('M5 12.5l4.5 4.5L19 7.5');
export const ticksIcon = icon('M1.5 12.5L6 17l9-9.5M11.5 16l1 1 9.5-9.5');
export const readIcon = html`<svg viewBox="0 0 24 24" aria-hidden="true">
  <circle class="disc" cx="12" cy="12" r="11" />
  <path class="cut" d="M4.8 12.5l3.2 3.2 5.7-6.2M11.5 15l.7.7 6.2-6.2" />
</svg>`;

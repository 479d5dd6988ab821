/** What stands in the place of conversations until somebody is in who needs no login screen: shapes, or what keeps them out. */
import { html, type TemplateResult } from 'lit/html.js';
import { stoppedCard } from './problem-card.js';
import type { Screen } from './screen.js';
import './waiting.js';

export const entering = (screen: Screen): TemplateResult => {
  const status = screen.chat.status.value;
  return 'problem' in status ? stoppedCard(status.problem, screen) : html`<stoa-waiting .words=${screen.words}></stoa-waiting>`;
};

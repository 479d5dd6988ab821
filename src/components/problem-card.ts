/** A card that says what is wrong in one sentence, and has the one button that helps. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Words } from '../base/words.js';
import type { Problem } from '../entities/status.js';
import { alertIcon } from './icons.js';
import type { Screen } from './screen.js';

const ACTIONS: Readonly<Record<NonNullable<Problem['action']>, string>> = { retry: 'try-again', 'sign-in': 'sign-in-again', reload: 'reload-page' };

/** The words on the button; empty: there is none. */
const labelOf = ({ code, action }: Problem, words: Words): string => (action ? words.t(code === 'conflict' ? 'use-here' : ACTIONS[action]) : '');

/** The card of a problem; `solve` runs what its button stands for, except for a reload, which needs nobody else. */
export const problemCard = (problem: Problem, words: Words, solve?: () => void): TemplateResult => {
  const label = labelOf(problem, words);
  return html`
    <div class="problem" role="alert">
      ${alertIcon}
      <p>${words.t(problem.code, problem.params)}</p>
      ${label ? html`<button class="button" type="button" @click=${problem.action === 'reload' ? () => location.reload() : solve}>${label}</button>` : nothing}
    </div>
  `;
};

/** What helps when the chat has stopped because of a problem, and the words for it. */
export const helpFor = (problem: Problem, { chat, words }: Screen): { readonly label: string; run(): void } => ({
  label: labelOf(problem, words),
  run: () => {
    if (problem.action === 'reload') location.reload();
    else if (problem.action === 'sign-in') chat.logOut({ keep: true }).catch((error: unknown) => chat.report('screen', error));
    else chat.reconnect();
  },
});

/** The card of what has stopped the chat. */
export const stoppedCard = (problem: Problem, screen: Screen): TemplateResult => problemCard(problem, screen.words, helpFor(problem, screen).run);

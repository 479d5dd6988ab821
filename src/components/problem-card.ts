/** A card that says what is wrong in one sentence, and has the one button that helps. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Words } from '../base/words.js';
import type { Problem } from '../entities/status.js';
import { alertIcon } from './icons.js';

const ACTIONS: Readonly<Record<NonNullable<Problem['action']>, string>> = { retry: 'try-again', 'sign-in': 'sign-in-again', reload: 'reload-page' };

/** The card of a problem; `solve` runs what its button stands for, except for a reload, which needs nobody else. */
export const problemCard = ({ code, params, action }: Problem, words: Words, solve?: () => void): TemplateResult => html`
  <div class="problem" role="alert">
    ${alertIcon}
    <p>${words.t(code, params)}</p>
    ${action ? html`<button class="button" type="button" @click=${action === 'reload' ? () => location.reload() : solve}>${words.t(ACTIONS[action])}</button>` : nothing}
  </div>
`;

/** Shapes of what is on its way, once that takes longer than a blink: what is unknown is never drawn as empty. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Words } from '../base/words.js';
import { define } from './define.js';
import { Lasting } from './lasting.js';
import { Part } from './part.js';

const PATIENCE_MS = 200;

/** Fills its place; give it `words`. */
export class StoaWaiting extends Part {
  declare words: Words;

  readonly #shown = new Lasting(this, () => PATIENCE_MS, 0);

  protected override render(): TemplateResult | typeof nothing {
    if (!this.#shown.on) return nothing;
    return html`<div class="skeleton" role="status"><i></i><i></i><i></i><i></i><i></i><span class="hidden-text">${this.words.t('loading')}</span></div>`;
  }
}

define('stoa-waiting', StoaWaiting, 'words');

/** How the connection is doing, said over the messages without moving anything, and only when trouble lasts. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Status } from '../entities/status.js';
import { define } from './define.js';
import { Lasting } from './lasting.js';
import { Part } from './part.js';
import type { Screen } from './screen.js';

/** Whether a status is trouble that may pass by itself. */
export const isTrouble = ({ name }: Status): boolean => name === 'connecting' || name === 'waiting' || name === 'offline';

const SAID: readonly Status['name'][] = ['connecting', 'waiting', 'offline', 'online'];

/** Trouble is told after 2 s and forgotten 1 s after it is over. */
export const PATIENCE = { show: 2_000, hide: 1_000 } as const;
const TICK_MS = 1_000;

export class StoaStatusChip extends Part {
  declare screen: Screen;

  readonly #trouble = new Lasting(this, () => isTrouble(this.screen.chat.status.peek()), PATIENCE);
  #ticking: ReturnType<typeof setTimeout> | undefined;
  /** Whether the connection ever stood: what never worked is told with its reason, as waiting may not help. */
  #worked = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#ticking);
  }

  protected override render(): TemplateResult {
    const { chat, words } = this.screen;
    const status = chat.status.value;
    this.#worked ||= status.name === 'online';
    const text = chat.model.value?.full.value ? words.t('storage-full') : this.#trouble.on && SAID.includes(status.name) ? this.#text(status) : undefined;
    return html`<div class="chip-place" role="status">${text === undefined ? nothing : html`<div class="status-chip" part="chip">${text}</div>`}</div>`;
  }

  protected override updated(): void {
    clearTimeout(this.#ticking);
    if (this.#trouble.on && this.screen.chat.status.peek().name === 'waiting') this.#ticking = setTimeout(() => this.requestUpdate(), TICK_MS);
  }

  #text(status: Status): unknown {
    const { chat, words } = this.screen;
    if (status.name === 'offline') return words.t('status-offline');
    if (status.name === 'online') return words.t('status-connected');
    if (status.name !== 'waiting') return words.t('status-connecting');
    const count = Math.ceil((status.at - Date.now()) / 1000);
    if (count <= 0) return words.t('status-connecting');
    const { code, params } = status.problem;
    // The seconds are for the eye: a screen reader would hear every one of them.
    return html`${this.#worked ? nothing : html`<p class="cause">${words.t(code, params)}</p>`}<span aria-hidden="true">${words.t('status-waiting', { count })}</span><span class="hidden-text">${words.t('status-reconnecting')}</span> ·
      <button class="link" @click=${() => chat.reconnect()}>${words.t('try-now')}</button>`;
  }
}

define('stoa-status-chip', StoaStatusChip, 'screen');

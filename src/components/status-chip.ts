/** How the connection is doing, said over the messages without moving anything, and only when trouble lasts. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Problem, Status } from '../entities/status.js';
import { define } from './define.js';
import { Lasting } from './lasting.js';
import { Part } from './part.js';
import { helpFor } from './problem-card.js';
import type { Screen } from './screen.js';

/** Whether a status is trouble that may pass by itself. */
export const isTrouble = (status: Status): boolean => TROUBLE.includes(status.name) || (status.name === 'verifying' && status.failing === true);

const TROUBLE: readonly Status['name'][] = ['connecting', 'sleeping', 'waiting', 'offline'];

const TROUBLE_MS = 2_000;
/** A server that was asked may take its time: on a slow network that is no trouble yet. */
const DOUBT_MS = 5_000;
/** Trouble is forgotten so long after it is over. */
export const LINGERS_MS = 1_000;

/** How long what a status tells may last before a person is told, in milliseconds; undefined: all is well, or it has ended. */
export const patienceWith = (status: Status): number | undefined => (isTrouble(status) ? TROUBLE_MS : status.name === 'verifying' ? DOUBT_MS : undefined);

const TICK_MS = 1_000;

/** What says no more than that there is no connection; all else is told with its reason. */
const PLAIN: readonly string[] = ['connection-lost', 'unreachable', 'certificate-or-unreachable', 'time-out', 'server-error', 'bad-data'];

/** Give it `screen`; with `whole` it also says why the chat stopped, for places that have no card for that. */
export class StoaStatusChip extends Part {
  declare screen: Screen;
  declare whole: boolean;

  readonly #trouble = new Lasting(this, () => patienceWith(this.screen.chat.status.peek()), LINGERS_MS);
  #ticking: ReturnType<typeof setTimeout> | undefined;
  /** Whether the connection ever stood: what never worked is told with its reason, as waiting may not help. */
  #worked = false;
  /** Whether focus was on the button when the drawing began. */
  #focused = false;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#ticking);
  }

  protected override willUpdate(): void {
    this.#focused = this.contains(this.#active());
  }

  protected override render(): TemplateResult {
    const status = this.screen.chat.status.value;
    this.#worked ||= status.name === 'online';
    const said = this.#said(status);
    return html`<div class="chip-place" role="status" tabindex="-1">${said === undefined ? nothing : html`<div class="status-chip" part="chip">${said}</div>`}</div>`;
  }

  protected override updated(): void {
    clearTimeout(this.#ticking);
    if (this.#trouble.on && 'at' in this.screen.chat.status.peek()) this.#ticking = setTimeout(() => this.requestUpdate(), TICK_MS);
    // Whoever pressed the button and sees it go stays where it was.
    if (this.#focused && !this.contains(this.#active())) this.querySelector<HTMLElement>('.chip-place')?.focus();
  }

  #active(): Element | null {
    return (this.getRootNode() as Document | ShadowRoot).activeElement;
  }

  #said(status: Status): unknown {
    const { chat, words } = this.screen;
    if (status.name === 'failed') return this.whole ? this.#stopped(status.problem) : undefined;
    if (!this.#trouble.on) return undefined;
    if (status.name === 'verifying') return words.t('status-verifying');
    if (status.name === 'online') return words.t('status-connected');
    const count = 'at' in status ? Math.ceil((status.at - Date.now()) / 1000) : 0;
    if (count <= 0) return words.t('status-connecting');
    const why = status.name === 'waiting' && !(this.#worked && PLAIN.includes(status.problem.code)) ? this.#cause(status.problem) : nothing;
    const [eye, ear] = status.name === 'waiting' ? ['status-waiting', 'status-reconnecting'] : ['status-offline-waiting', 'status-offline'];
    // The seconds are for the eye: a screen reader would hear every one of them.
    return html`${why}<span aria-hidden="true">${words.t(eye, { count })}</span><span class="hidden-text">${words.t(ear)}</span> ·
      <button class="link" type="button" @click=${() => chat.reconnect()}>${words.t('try-now')}</button>`;
  }

  #cause({ code, params }: Problem): TemplateResult {
    return html`<p class="cause">${this.screen.words.t(code, params)}</p>`;
  }

  #stopped(problem: Problem): TemplateResult {
    const { label, run } = helpFor(problem, this.screen);
    return html`${this.#cause(problem)}${label ? html`<button class="link" type="button" @click=${run}>${label}</button>` : nothing}`;
  }
}

define('stoa-status-chip', StoaStatusChip, 'screen', 'whole');

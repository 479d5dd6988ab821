/** A state that shows only once it has lasted, and lingers when it ends, so that short ones never flicker. */
import type { Companion, Part } from './part.js';

/**
 * Watches a condition of its host after each drawing: `patience` says how long it may last unseen, from its beginning on, in milliseconds, whatever it turns
 * into meanwhile; undefined: it is over, which counts after `hide` ms.
 */
export class Lasting implements Companion {
  /** Whether it is to be seen. */
  on = false;
  readonly #host: Part;
  readonly #patience: () => number | undefined;
  readonly #hide: number;
  /** What `patience` said last. */
  #aim: number | undefined;
  /** When it began. */
  #since: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Part, patience: () => number | undefined, hide: number) {
    this.#host = host;
    this.#patience = patience;
    this.#hide = hide;
    host.addCompanion(this);
  }

  hostUpdated(): void {
    const aim = this.#patience();
    if (aim === this.#aim) return;
    this.#aim = aim;
    clearTimeout(this.#timer);
    const now = performance.now();
    this.#timer = setTimeout(() => this.#arrive(aim !== undefined), aim === undefined ? this.#hide : (this.#since ??= now) + aim - now);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#aim = this.#since = undefined;
    this.on = false;
  }

  #arrive(on: boolean): void {
    if (!on) this.#since = undefined;
    if (on === this.on) return;
    this.on = on;
    this.#host.requestUpdate();
  }
}

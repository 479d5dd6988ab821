/** A part of the screen that is loaded when it is first shown. */
import type { Part } from './part.js';

/** Loads once it is wanted, and has its host drawn again when it knows how that went. A failure is final: browsers remember it until the page is reloaded. */
export class Lazy {
  state: 'waiting' | 'loading' | 'ready' | 'failed' = 'waiting';
  readonly #host: Part;
  readonly #load: () => Promise<unknown>;
  readonly #onError: (error: unknown) => void;

  constructor(host: Part, load: () => Promise<unknown>, onError: (error: unknown) => void) {
    this.#host = host;
    this.#load = load;
    this.#onError = onError;
  }

  /** Call it while drawing what needs the part. */
  want(): Lazy['state'] {
    if (this.state === 'waiting') {
      this.state = 'loading';
      this.#load().then(
        () => this.#settle('ready'),
        (error: unknown) => {
          this.#onError(error);
          this.#settle('failed');
        },
      );
    }
    return this.state;
  }

  #settle(state: 'ready' | 'failed'): void {
    this.state = state;
    this.#host.requestUpdate();
  }
}

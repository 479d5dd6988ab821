/** A state that shows only once it has lasted, and lingers when it ends, so that short ones never flicker. */
import type { Companion, Part } from './part.js';

/** Watches a condition of its host after each drawing; `on` follows it with the delays given, in milliseconds. */
export class Lasting implements Companion {
  on = false;
  readonly #host: Part;
  readonly #wanted: () => boolean;
  readonly #delays: { readonly show: number; readonly hide: number };
  #timer: { readonly aim: boolean; readonly handle: ReturnType<typeof setTimeout> } | undefined;

  constructor(host: Part, wanted: () => boolean, delays: { readonly show: number; readonly hide: number }) {
    this.#host = host;
    this.#wanted = wanted;
    this.#delays = delays;
    host.addCompanion(this);
  }

  hostUpdated(): void {
    const aim = this.#wanted();
    if (this.#timer?.aim === aim) return;
    this.#cancel();
    if (aim === this.on) return;
    this.#timer = { aim, handle: setTimeout(() => this.#arrive(aim), aim ? this.#delays.show : this.#delays.hide) };
  }

  hostDisconnected(): void {
    this.#cancel();
    this.on = false;
  }

  #arrive(aim: boolean): void {
    this.#timer = undefined;
    this.on = aim;
    this.#host.requestUpdate();
  }

  #cancel(): void {
    clearTimeout(this.#timer?.handle);
    this.#timer = undefined;
  }
}

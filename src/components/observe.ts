/** Lets a plugin's own LitElement draw itself again when a signal that its last drawing read has changed; ours are Parts, which do. */
import type { LitElement } from 'lit';
import { effect } from '../base/signal.js';

// Mixins take any constructor; TypeScript asks for this exact shape (TS2545).
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Constructor<T> = new (...args: any[]) => T;

/** Mixin: the signals read while rendering are watched while the element is connected. */
export const observing = <T extends Constructor<LitElement>>(Base: T): T => {
  class Observing extends Base {
    #stop: (() => void) | undefined;

    protected override performUpdate(): void {
      if (!this.isUpdatePending) return;
      this.#stop?.();
      let drawing = true;
      this.#stop = effect(() => {
        // The first run draws and so subscribes; the second only asks for a new drawing, which subscribes anew.
        if (drawing) {
          drawing = false;
          super.performUpdate();
        } else this.requestUpdate();
      });
    }

    override connectedCallback(): void {
      super.connectedCallback();
      if (this.hasUpdated) this.requestUpdate();
    }

    override disconnectedCallback(): void {
      super.disconnectedCallback();
      this.#stop?.();
      this.#stop = undefined;
    }
  }
  return Observing;
};

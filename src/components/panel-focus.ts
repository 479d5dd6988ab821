/** Where focus goes when a person opens the panel and closes it again: inside as soon as there is something for it, and back to the launcher. */
import { PANEL_ID } from '../page-door/corner.js';
import type { Part } from './part.js';
import type { StoaTalkView } from './talk-view.js';

export class PanelFocus {
  readonly #host: Part;
  /** Focus is to go inside: `now` · `waiting` on the panel itself until there is something in it to put it on. */
  #wanted: 'now' | 'waiting' | undefined;

  constructor(host: Part) {
    this.#host = host;
  }

  /** Whether focus is to go inside, from now on. */
  want(wanted: boolean): void {
    this.#wanted = wanted ? 'now' : undefined;
  }

  /** Takes it inside, if it is to go there and can; after each drawing of an open panel. `full`: the panel fills the screen. */
  goInside(full: boolean): void {
    if (!this.#wanted) return;
    const root = this.#host.renderRoot as ShadowRoot;
    const panel = root.querySelector<HTMLElement>(`#${PANEL_ID}`);
    const wait = this.#wanted === 'waiting';
    // While the panel itself had focus, somebody may have gone elsewhere; they stay there.
    if (wait && root.activeElement !== panel) this.#wanted = undefined;
    else if (root.querySelector<StoaTalkView>('stoa-talk-view')?.focusInside(full)) this.#wanted = undefined;
    else if (panel && !wait) {
      panel.focus({ preventScroll: true });
      this.#wanted = 'waiting';
    }
  }

  /** As the panel closes: from inside it to what `launcher` gives, once that is drawn. */
  async leave(launcher: () => HTMLElement | undefined): Promise<void> {
    const { activeElement } = this.#host.renderRoot as ShadowRoot;
    if (!activeElement || activeElement.closest('.corner')) return;
    // Drawn first: on a phone the launcher is hidden while the panel is open.
    await this.#host.updateComplete;
    launcher()?.focus();
  }
}

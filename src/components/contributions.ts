/** Draws what plugins contributed to a place, each in its own guard: one that throws is reported once and left out, the rest goes on. */
import { html } from 'lit/html.js';
import type { Contribution, Slot } from '../base/slot.js';
import { define } from './define.js';
import { keyed } from './keyed.js';
import { Part } from './part.js';
import type { Screen } from './screen.js';
import type { Place, UiContribution } from './slots.js';

type Entry<P extends Place> = Contribution<UiContribution<P>>;

/** Runs a plugin's code; what it throws sets the contribution aside and is reported under the plugin's id. */
const guarded = <T>({ chat, setAside }: Screen, entry: Entry<never>, run: () => T, otherwise: T): T => {
  try {
    return run();
  } catch (error) {
    if (!setAside.peek().has(entry)) {
      setAside.value = new Set(setAside.peek()).add(entry);
      chat.report(entry.owner, error);
    }
    return otherwise;
  }
};

/** What is to be drawn in a place now, in order. */
const present = <P extends Place>(screen: Screen, slot: Slot<UiContribution<P>>, place: P): readonly Entry<P>[] =>
  screen.chat.registry
    .all(slot)
    .value.filter(entry => !screen.setAside.value.has(entry) && guarded(screen, entry as Entry<never>, () => entry.value.when?.(place) ?? true, false))
    .sort((a, b) => (a.value.order ?? 0) - (b.value.order ?? 0));

/** A place on the screen: contributions appear and disappear live. */
export class StoaOutlet extends Part {
  declare screen: Screen;
  declare point: Slot<UiContribution<Place>>;
  declare place: Place;
  declare otherwise: unknown;

  protected override render(): unknown {
    const { screen, point, place, otherwise } = this;
    const all = present(screen, point, place);
    const drawn = otherwise === undefined ? all : all.slice(0, 1);
    if (drawn.length === 0) return otherwise;
    return keyed(
      drawn,
      entry => entry,
      entry => html`<stoa-contribution .screen=${screen} .entry=${entry} .place=${place}></stoa-contribution>`,
    );
  }
}

/** One contribution: an element of its own, so that whatever goes wrong in it, also while Lit puts it into the page, stays in it. */
export class StoaContribution extends Part {
  declare screen: Screen;
  declare entry: Entry<Place>;
  declare place: Place;

  protected override performUpdate(): void {
    guarded(this.screen, this.entry as Entry<never>, () => super.performUpdate(), undefined);
  }

  protected override render(): unknown {
    return this.entry.value.render(this.place);
  }
}

define('stoa-outlet', StoaOutlet, 'screen', 'point', 'place', 'otherwise');
define('stoa-contribution', StoaContribution, 'screen', 'entry', 'place');

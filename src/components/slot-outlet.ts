/** Places of the screen that plugins may add to, as they stand in templates. */
import { html } from 'lit/html.js';
import type { Slot } from '../base/slot.js';
import type { Screen } from './screen.js';
import type { Place, UiContribution } from './slots.js';

/**
 * Everything contributed to a place, or, given `otherwise`, the first that wants to be drawn or else that. Costs nothing where nobody contributed:
 * the element comes with the door at which contributors find the places (`contributions`).
 */
export const outlet = <P extends Place>(screen: Screen, point: Slot<UiContribution<P>>, place: P, otherwise?: unknown): unknown =>
  screen.chat.registry.all(point).value.length === 0
    ? otherwise
    : html`<stoa-outlet .screen=${screen} .point=${point} .place=${place} .otherwise=${otherwise}></stoa-outlet>`;

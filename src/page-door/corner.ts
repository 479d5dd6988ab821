/** What the button in the corner and the element that takes it over know of each other. */

export interface LauncherState {
  /** Words beside the icon; empty: a round button. */
  readonly label: string;
  /** What a screen reader says. */
  readonly name: string;
  readonly open: boolean;
  /** Whether the chat is on its way. */
  readonly busy: boolean;
  readonly direction: 'ltr' | 'rtl';
  readonly dark: boolean;
}

export interface Launcher {
  readonly corner: HTMLElement;
  readonly button: HTMLButtonElement;
  update(state: LauncherState): void;
}

/** It carries its launcher, so that what the script tag has drawn can be taken over without the code that drew it. */
export type Corner = HTMLElement & { launcher?: Launcher };

/** Id of what the button opens, in the same shadow root. */
export const PANEL_ID = 'panel';

/** The launcher that stands in a shadow root. */
export const launcherIn = (root: ShadowRoot): Launcher | undefined => root.querySelector<Corner>('.corner')?.launcher;

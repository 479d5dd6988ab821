/** Keyboard moves among messages: one stop of the Tab key, then arrows, Home and End; Enter goes into a message, Escape out of it. */

/** Where a key leads. */
export type Move =
  | { readonly to: 'message'; readonly element: HTMLElement }
  /** Before the first one that is drawn, or to the newest there is. */
  | { readonly to: 'older' | 'newest' }
  | { readonly to: 'inside'; readonly element: HTMLElement };

const EDITABLE = 'input, textarea, select, [contenteditable]';

/** Reads a key pressed within a list of `article` elements; undefined: it means nothing here. */
export const readKey = (event: KeyboardEvent, list: HTMLElement): Move | undefined => {
  const target = event.target as HTMLElement;
  if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || target.closest(EDITABLE)) return undefined;
  const items = [...list.getElementsByTagName('article')];
  const here = target.closest('article');
  const at = here ? items.indexOf(here) : -1;
  const to = (element: HTMLElement | undefined): Move | undefined => element && { to: 'message', element };
  switch (event.key) {
    case 'ArrowUp':
      return to(items[at < 0 ? items.length - 1 : at - 1]) ?? { to: 'older' };
    case 'ArrowDown':
      return to(items[at + 1]) ?? { to: 'newest' };
    case 'Home':
      return to(items[0]);
    case 'End':
      return { to: 'newest' };
    case 'Enter': {
      const inside = here === target ? here.querySelector<HTMLElement>('button, a') : null;
      return inside ? { to: 'inside', element: inside } : undefined;
    }
    case 'Escape':
      return here && here !== target ? { to: 'message', element: here } : undefined;
    default:
      return undefined;
  }
};

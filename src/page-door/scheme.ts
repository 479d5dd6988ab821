/** Whether it is light or dark here: what the page says counts, then the system. */

const DARK = '(prefers-color-scheme: dark)';

/** Whether dark colours belong where an element stands; `theme` is its option. */
export const isDark = (element: Element, theme: string | null): boolean => {
  if (theme === 'light' || theme === 'dark') return theme === 'dark';
  const named = (element.closest('[data-theme]') ?? document.documentElement).getAttribute('data-theme');
  if (named === 'dark' || named === 'light') return named === 'dark';
  // The element's own is reset by its sheet, and its parent may be a shadow root.
  const declared = getComputedStyle(element.parentElement ?? document.documentElement).colorScheme;
  const dark = declared.includes('dark');
  return dark === declared.includes('light') ? matchMedia(DARK).matches : dark;
};

/** Calls when the scheme may have changed: the system's wish, or attributes of the page or the element. The returned function stops it. */
export const watchScheme = (element: Element, run: () => void): (() => void) => {
  const wish = matchMedia(DARK);
  const observer = new MutationObserver(run);
  for (const node of [document.documentElement, document.body, element]) observer.observe(node, { attributeFilter: ['class', 'style', 'data-theme'] });
  wish.addEventListener('change', run);
  return () => {
    observer.disconnect();
    wish.removeEventListener('change', run);
  };
};

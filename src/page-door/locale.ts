/** The language that an element speaks. */

/** The element's own option, else the language of the page around it, else that of the browser. */
export const localeOf = (element: Element): string => element.getAttribute('locale') || element.closest('[lang]')?.getAttribute('lang') || navigator.language;

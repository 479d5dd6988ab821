/** Joins sheets that come with a part loaded later to those of the shadow root it is drawn in. */

export const adopt = (element: Element, sheets: readonly CSSStyleSheet[]): void => {
  const root = element.getRootNode();
  if (!(root instanceof ShadowRoot)) return;
  for (const sheet of sheets) if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
};

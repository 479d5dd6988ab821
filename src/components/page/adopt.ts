/** Joins sheets that come with a part loaded later to those of the shadow root it is drawn in. */
import type { CSSResult } from 'lit';

export const adopt = (element: Element, sheets: readonly CSSResult[]): void => {
  const root = element.getRootNode();
  if (!(root instanceof ShadowRoot)) return;
  for (const { styleSheet } of sheets) if (styleSheet && !root.adoptedStyleSheets.includes(styleSheet)) root.adoptedStyleSheets.push(styleSheet);
};

/** Names an element, unless another copy of this script on the page has named it already. */

export const define = (name: `stoa-${string}`, element: CustomElementConstructor): void => {
  if (!customElements.get(name)) customElements.define(name, element);
};

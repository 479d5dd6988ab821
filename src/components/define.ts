/** Names an element, and the properties that it is given. */
import type { Part } from './part.js';

/** Names an element, unless another copy of this script on the page has named it already. A change of one of the `properties` draws it anew. */
export const define = (name: `stoa-${string}`, element: new () => Part, ...properties: readonly string[]): void => {
  for (const property of properties) {
    const values = new WeakMap<Part, unknown>();
    Object.defineProperty(element.prototype, property, {
      get(this: Part): unknown {
        return values.get(this);
      },
      set(this: Part, value: unknown) {
        if (Object.is(value, values.get(this))) return;
        values.set(this, value);
        this.requestUpdate(property);
      },
    });
  }
  if (!customElements.get(name)) customElements.define(name, element);
};

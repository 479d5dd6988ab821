import { expect, waitUntil } from '@open-wc/testing';
import { html, LitElement } from 'lit';
import { signal } from '../../src/base/signal.js';
import { observing } from '../../src/components/observe.js';

describe('an element of a plugin that observes', () => {
  it('is drawn anew when a signal has changed that it reads, while it is in the page', async () => {
    const count = signal(1);
    let drawings = 0;
    class Sample extends observing(LitElement) {
      protected override createRenderRoot(): HTMLElement {
        return this;
      }

      protected override render(): unknown {
        drawings += 1;
        return html`${count.value}`;
      }
    }
    customElements.define('sample-observer', Sample);
    const element = document.createElement('sample-observer');
    document.body.append(element);
    await waitUntil(() => element.textContent === '1');
    count.value = 2;
    await waitUntil(() => element.textContent === '2');
    element.remove();
    count.value = 3;
    await Promise.resolve();
    expect(drawings).to.equal(2);
    document.body.append(element);
    await waitUntil(() => element.textContent === '3');
    element.remove();
  });
});

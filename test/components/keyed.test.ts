/** Lists whose entries keep their nodes. */
import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { html, render } from 'lit/html.js';
import { keyed } from '../../src/components/keyed.js';

interface Item {
  readonly key: number;
  readonly text: string;
}

/** A list on the page, drawn anew with other items. */
const list = () => {
  const box = document.createElement('div');
  const draw = (items: readonly Item[], instead?: unknown): void => void render(html`<ul>${instead ?? keyed(items, ({ key }) => key, ({ key, text }, index) => html`<li data-key=${key}>${text} at ${index}</li>`)}</ul>`, box);
  const nodes = (): readonly HTMLElement[] => [...box.querySelectorAll('li')];
  return { box, draw, nodes, shown: () => nodes().map(({ textContent }) => textContent) };
};
const items = (keys: readonly number[], text = 'a'): readonly Item[] => keys.map(key => ({ key, text: `${text}${key}` }));
const said = (all: readonly Item[]): readonly string[] => all.map(({ text }, index) => `${text} at ${index}`);

describe('a keyed list', () => {
  it('shows its items in order after any change, and what stays keeps its node', () => {
    const keys = fc.uniqueArray(fc.integer({ min: 0, max: 12 }));
    fc.assert(
      fc.property(fc.array(keys, { minLength: 2, maxLength: 6 }), states => {
        const { draw, nodes, shown } = list();
        let before = new Map<string, HTMLElement>();
        states.forEach((state, round) => {
          const next = items(state, `round ${round}, `);
          draw(next);
          expect(shown()).to.deep.equal(said(next));
          const now = new Map(nodes().map(node => [node.dataset['key'] ?? '', node]));
          for (const [key, node] of now) if (before.has(key)) expect(before.get(key)).to.equal(node);
          before = now;
        });
      }),
    );
  });

  it('moves only the one that moves, up or down', () => {
    for (const moved of [[5, 1, 2, 3, 4], [2, 3, 4, 5, 1], [1, 3, 2, 4, 5]]) {
      const { box, draw } = list();
      draw(items([1, 2, 3, 4, 5]));
      const observer = new MutationObserver(() => undefined);
      observer.observe(box, { childList: true, subtree: true });
      draw(items(moved));
      const removed = observer.takeRecords().flatMap(({ removedNodes }) => [...removedNodes]).filter(node => node instanceof HTMLLIElement);
      expect(removed, String(moved)).to.have.length(1);
      observer.disconnect();
    }
  });

  it('draws the last of two items with one key', () => {
    const { draw, shown } = list();
    draw([{ key: 1, text: 'one' }, { key: 1, text: 'other' }]);
    expect(shown()).to.deep.equal(['other at 1']);
    draw(items([1, 2]));
    expect(shown()).to.deep.equal(said(items([1, 2])));
  });

  it('comes and goes in the place of something else', () => {
    const { box, draw, shown } = list();
    draw([], html`<li>nothing</li>`);
    draw(items([1, 2]));
    expect(shown()).to.deep.equal(said(items([1, 2])));
    draw([], [html`<li>one</li>`, html`<li>two</li>`, html`<li>three</li>`]);
    draw(items([3]));
    expect(shown()).to.deep.equal(said(items([3])));
    draw([]);
    expect(box.querySelector('li')).to.equal(null);
  });
});

import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { between, farAfter, last } from '../../src/store/position.js';

/** Whether each is after the one before. */
const inOrder = (positions: readonly string[]): boolean => positions.every((position, index) => index === 0 || position > (positions[index - 1] ?? ''));

/** Where to put how many positions, as a share of those that are there. */
const insertion = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), count: fc.nat(6), near: fc.constantFrom('lower' as const, 'upper' as const) });

describe('positions', () => {
  it('go in between, before and after, wherever and however often', () => {
    fc.assert(
      fc.property(fc.array(insertion, { maxLength: 120 }), insertions => {
        const all: string[] = [];
        for (const { at, count, near } of insertions) {
          const index = Math.round(at * all.length);
          const made = between(all[index - 1] ?? '', all[index], count, near);
          expect(made).to.have.length(count);
          all.splice(index, 0, ...made);
          expect(inOrder(all), all.join(' ')).to.equal(true);
        }
      }),
    );
  });

  for (const [where, pick] of [
    ['after the same', (made: readonly string[], [lower = '', upper]: readonly (string | undefined)[]) => [lower, made[0] ?? upper]],
    ['before the same', (made: readonly string[], [lower, upper]: readonly (string | undefined)[]) => [made.at(-1) ?? lower, upper]],
  ] as const) {
    it(`grow slowly when all go directly ${where}`, () => {
      let bounds: readonly (string | undefined)[] = between('', undefined, 2);
      for (let round = 0; round < 500; round += 1) {
        const made = between(bounds[0] ?? '', bounds[1], 1);
        expect(inOrder([bounds[0] ?? '', ...made, bounds[1] ?? '~'])).to.equal(true);
        bounds = pick(made, bounds);
      }
      expect(between(bounds[0] ?? '', bounds[1], 1)[0]?.length).to.be.below(130);
    });
  }

  it('do not grow at the ends', () => {
    const all = [...between('', undefined, 3)];
    for (let round = 0; round < 2000; round += 1) all.push(...between(all.at(-1) ?? '', undefined, 1));
    for (let round = 0; round < 2000; round += 1) all.unshift(...between('', all[0], 1));
    expect(inOrder(all)).to.equal(true);
    expect(new Set(all.map(({ length }) => length)).size).to.equal(1);
  });

  it('keep near one side while there is room, so that both sides can be filled on', () => {
    const [first = ''] = between('', undefined, 1);
    const far = farAfter(first);
    const low = between(first, far, 100);
    const high = between(last(low), far, 100, 'upper');
    expect(inOrder([first, ...low, ...high, far])).to.equal(true);
    expect(new Set([first, far, ...low, ...high].map(({ length }) => length)).size).to.equal(1);
  });
});

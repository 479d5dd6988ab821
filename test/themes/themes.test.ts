import { expect } from '@open-wc/testing';
import { contrast, parseHex } from '../../src/components/brand.js';
import { contrastThemes } from '../../src/components/contrast-themes.js';
import { shapes } from '../../src/components/styles/tokens.js';
import { themes, type ThemeValues } from '../../src/components/themes.js';

const read = async (name: string): Promise<string> => (await fetch(`/themes/${name}.css`)).text();
const valuesIn = (css: string): Readonly<Record<string, string>> => Object.fromEntries([...css.matchAll(/--stoa-([a-z-]+): ([^;]+);/gu)].map(([, name = '', value = '']) => [name, value]));
const ratio = (values: ThemeValues, one: keyof ThemeValues, other: keyof ThemeValues): number => Math.round(contrast(parseHex(values[one]), parseHex(values[other])) * 100) / 100;

describe('the files for site owners', () => {
  for (const name of ['light', 'dark'] as const) {
    it(`${name}.css has the values that the screen uses`, async () => {
      expect(valuesIn(await read(name))).to.deep.equal(themes[name]);
    });
  }

  it('contrast.css has both of its halves', async () => {
    const [bright = '', dark = ''] = (await read('contrast')).split('@media (prefers-color-scheme: dark)');
    expect(valuesIn(bright)).to.deep.equal(contrastThemes.contrast);
    expect(valuesIn(dark)).to.deep.equal(contrastThemes.contrastDark);
  });

  it('tokens.css names every property once, each with a word about it, and changes nothing', async () => {
    const css = await read('tokens');
    const named = [...css.matchAll(/--stoa-([a-z-]+): inherit;/gu)].map(([, name]) => name);
    expect([...named].sort()).to.deep.equal([...new Set([...Object.keys(shapes), ...Object.keys(themes.light), 'brand-dark'])].sort());
    expect([...css.matchAll(/\/\* [^*]+ \*\/\n {2}--stoa-/gu)]).to.have.length(named.length);
    expect(Object.values(valuesIn(css)).every(value => value === 'inherit')).to.equal(true);
  });
});

describe('the themes', () => {
  const pairs: readonly (readonly [keyof ThemeValues, keyof ThemeValues, number, number])[] = [
    ['text', 'surface', 17.8, 15.3], ['muted', 'surface', 6.1, 7.6], ['muted', 'bubble', 5.5, 6.2], ['on-bubble', 'bubble', 15.9, 12.4], ['on-brand', 'brand', 5.7, 8.3],
    ['brand-text', 'surface', 5.7, 7.8], ['brand-text', 'bubble', 5.1, 6.3], ['border', 'surface', 3.3, 3.8], ['text', 'sidebar', 16.7, 15.9], ['muted', 'sidebar', 5.8, 7.9],
    ['text', 'selected', 14.7, 10.7], ['muted', 'selected', 5.1, 5.3], ['brand-text', 'selected', 4.7, 5.4], ['danger', 'surface', 6.6, 8], ['danger', 'bubble', 5.9, 6.5],
    ['success', 'surface', 5.4, 8], ['success', 'bubble', 4.8, 6.5], ['warning', 'surface', 6.2, 9.3], ['warning', 'bubble', 5.5, 7.5], ['focus', 'surface', 5.7, 7.8], ['focus', 'bubble', 5.1, 6.3],
  ];
  for (const [one, other, light, dark] of pairs) {
    it(`have ${one} on ${other} as promised`, () => {
      expect(ratio(themes.light, one, other), 'light').to.be.closeTo(light, 0.06);
      expect(ratio(themes.dark, one, other), 'dark').to.be.closeTo(dark, 0.06);
    });
  }

  it('have a badge that can be read in white', () => {
    for (const { badge } of Object.values({ ...themes, ...contrastThemes })) expect(contrast(parseHex('#ffffff'), parseHex(badge))).to.be.at.least(4.5);
  });

  it('of high contrast have 7 for every text, and 4.5 for borders', () => {
    for (const name of ['contrast', 'contrastDark'] as const) {
      const values = contrastThemes[name];
      for (const ink of ['text', 'muted', 'brand-text', 'danger', 'success', 'warning'] as const) {
        for (const behind of ['surface', 'bubble', 'sidebar', 'selected'] as const) expect(ratio(values, ink, behind), `${name}: ${ink} on ${behind}`).to.be.at.least(7);
      }
      expect(ratio(values, 'on-brand', 'brand')).to.be.at.least(7);
      expect(ratio(values, 'border', 'surface')).to.be.at.least(4.5);
    }
  });
});

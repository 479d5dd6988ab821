import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { brandValues, contrast, parseHex, readable } from '../../src/components/brand.js';
import { themes } from '../../src/components/themes.js';
import { onBrand, parseComputed, type Rgb } from '../../src/page-door/colour.js';

const colour = fc.tuple(...([0, 1, 2] as const).map(() => fc.integer({ min: 0, max: 255 }).map(value => value / 255))) as unknown as fc.Arbitrary<Rgb>;
const ground = (name: 'light' | 'dark'): readonly [Rgb, Rgb] => [parseHex(themes[name].surface), parseHex(themes[name].bubble)];
const hue = (text: string): number => {
  const probe = document.createElement('i');
  document.body.append(probe);
  probe.style.color = `oklch(from ${text} l c h)`;
  const [, , degrees = 0] = getComputedStyle(probe).color.match(/-?[\d.]+(?:e-?\d+)?/gu)?.map(Number) ?? [];
  probe.remove();
  return degrees;
};

describe('a brand', () => {
  it('is written on in white where that can be read, else in ink, else in black', () => {
    expect(onBrand(parseHex('#3b5bdb'))).to.equal('#ffffff');
    expect(onBrand(parseHex('#91a7ff'))).to.equal('#0b1020');
    // Between the two only black has 4.5.
    expect(onBrand(parseHex('#777777'))).to.equal('#000000');
  });

  it('of any colour can be written on', () => {
    // Just lighter than what ink can be read on by a hair.
    expect(onBrand(parseHex('#7f8004'))).to.equal('#0b1020');
    fc.assert(
      fc.property(colour, brand => {
        const first = ['#ffffff', '#0b1020', '#000000'].find(ink => contrast(parseHex(ink), brand) >= 4.5);
        expect(onBrand(brand)).to.equal(first);
      }),
    );
  });

  it('of any colour can be read as text and seen as a ring, in both themes', () => {
    fc.assert(
      fc.property(colour, fc.constantFrom('light' as const, 'dark' as const), fc.boolean(), (brand, name, exact) => {
        const values = brandValues(brand, ground(name), exact);
        for (const behind of ground(name)) {
          expect(contrast(parseHex(values['brand-text']), behind)).to.be.at.least(4.5);
          expect(contrast(parseHex(values.focus), behind)).to.be.at.least(3);
        }
        expect(contrast(parseHex(values['on-brand']), parseHex(values.brand))).to.be.at.least(4.5);
      }),
    );
  });

  it('that can be read is left as it is', () => {
    expect(readable(parseHex('#3b5bdb'), ground('light'), 4.5)).to.equal('#3b5bdb');
    expect(brandValues(parseHex('#00aa77'), ground('light'), true).brand).to.equal('#00aa77');
  });

  it('keeps its hue when it is moved', () => {
    for (const [text, name] of [['#00aa77', 'light'], ['#2f6b4f', 'dark'], ['#9a3f1d', 'dark']] as const) {
      const moved = readable(parseHex(text), ground(name), 4.5);
      expect(moved).to.not.equal(text);
      expect(Math.abs(hue(moved) - hue(text)), `${text} became ${moved}`).to.be.below(4);
    }
  });

  it('is read in the forms in which browsers give colours', () => {
    expect(parseComputed('rgb(51, 102, 255)')?.map(value => Math.round(value * 255))).to.deep.equal([51, 102, 255]);
    expect(parseComputed('color(srgb 0.2 0.4 1)')).to.deep.equal([0.2, 0.4, 1]);
    expect(parseComputed('color(srgb 1e-7 0.4 1 / 0.5)')).to.deep.equal([1e-7, 0.4, 1]);
    expect(parseComputed('rgba(0, 0, 0, 0)')).to.equal(undefined);
    expect(parseComputed('color(srgb 0 0 0 / 0)')).to.equal(undefined);
  });
});

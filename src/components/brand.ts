/** Makes all that depends on the owner's one brand colour readable: same hue, lightness moved in OKLCH until it can be told from what is behind it. */
import { luminance, onBrand, type Rgb } from '../page-door/colour.js';

const RING = 3;
const STEP = 0.01;

/** Reads `#rrggbb`. */
export const parseHex = (text: string): Rgb => [1, 3, 5].map(at => parseInt(text.slice(at, at + 2), 16) / 255) as unknown as Rgb;

/** Contrast ratio of two colours, from 1 to 21. */
export const contrast = (one: Rgb, other: Rgb): number => {
  const [a, b] = [luminance(one) + 0.05, luminance(other) + 0.05];
  return Math.max(a, b) / Math.min(a, b);
};

type Triple = readonly [number, number, number];

const times = (matrix: readonly Triple[], [x, y, z]: Triple): Triple => matrix.map(([a, b, c]) => a * x + b * y + c * z) as unknown as Triple;
const toLinear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const fromLinear = (value: number): number => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);

/* The matrices of OKLab (B. Ottosson, 2020): linear sRGB → cone response → lightness and two axes of colour, and back. */
const CONES: readonly Triple[] = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566], [0.0883024619, 0.2817188376, 0.6299787005]];
const LAB: readonly Triple[] = [[0.2104542553, 0.793617785, -0.0040720468], [1.9779984951, -2.428592205, 0.4505937099], [0.0259040371, 0.7827717662, -0.808675766]];
const CONES_BACK: readonly Triple[] = [[1, 0.3963377774, 0.2158037573], [1, -0.1055613458, -0.0638541728], [1, -0.0894841775, -1.291485548]];
const RGB_BACK: readonly Triple[] = [[4.0767416621, -3.3077115913, 0.2309699292], [-1.2684380046, 2.6097574011, -0.3413193965], [-0.0041960863, -0.7034186147, 1.707614701]];

const toLab = (rgb: Rgb): Triple => times(LAB, times(CONES, rgb.map(toLinear) as unknown as Triple).map(Math.cbrt) as unknown as Triple);
const fromLab = (lab: Triple): Triple => times(RGB_BACK, times(CONES_BACK, lab).map(value => value ** 3) as unknown as Triple).map(fromLinear) as unknown as Triple;

const hex = (rgb: Triple): string => `#${rgb.map(value => Math.round(Math.min(1, Math.max(0, value)) * 255).toString(16).padStart(2, '0')).join('')}`;

/** The colour of another lightness, with as much of its chroma as sRGB can show there. */
const withLightness = ([, a, b]: Triple, lightness: number): string => {
  let chroma = 1;
  let rgb = fromLab([lightness, a, b]);
  while (chroma > 0 && rgb.some(value => value < -0.001 || value > 1.001)) {
    chroma -= 0.05;
    rgb = fromLab([lightness, a * chroma, b * chroma]);
  }
  return hex(rgb);
};

/** Moves a colour away from the lightness of `behind` until it has the ratio on all of them; as given if it has it already. */
export const readable = (colour: Rgb, behind: readonly Rgb[], least: number): string => {
  const enough = (text: string): boolean => behind.every(other => contrast(parseHex(text), other) >= least);
  const lab = toLab(colour);
  const step = behind.some(other => luminance(other) > 0.18) ? -STEP : STEP;
  let text = hex(colour);
  for (let lightness = lab[0]; !enough(text) && lightness >= 0 && lightness <= 1; lightness += step) text = withLightness(lab, lightness);
  return enough(text) ? text : step < 0 ? '#000000' : '#ffffff';
};

/** What a theme takes from a brand. */
export interface BrandValues {
  readonly brand: string;
  readonly 'on-brand': string;
  readonly 'brand-text': string;
  readonly focus: string;
  readonly selected: string;
}

/**
 * The values for one theme. `ground` is what text stands on there: the surface, then the bubble.
 * `exact` keeps the brand as it was given for buttons and own bubbles; otherwise it is moved like text, as a light theme's brand is in a dark one.
 * `least` is the ratio that text must have.
 */
export const brandValues = (brand: Rgb, ground: readonly [Rgb, Rgb], exact: boolean, least = 4.5): BrandValues => {
  const text = readable(brand, ground, least);
  const filled = exact ? hex(brand) : text;
  return {
    brand: filled,
    'on-brand': onBrand(parseHex(filled)),
    'brand-text': text,
    focus: readable(brand, ground, RING),
    selected: `color-mix(in oklch, ${filled} 14%, ${hex(ground[0])})`,
  };
};

/** Colours as sRGB and how well they are told apart (WCAG 2 contrast); small, since the launcher carries it before anything is loaded. */

/** Red, green and blue from 0 to 1. */
export type Rgb = readonly [number, number, number];

/** Reads a colour as browsers give computed ones: `rgb(59, 91, 219)` or `color(srgb 0.2 0.4 0.9)`. undefined: wholly transparent. */
export const parseComputed = (text: string): Rgb | undefined => {
  const [red = 0, green = 0, blue = 0, alpha = 1] = text.match(/-?\d[\d.e-]*/gu)?.map(Number) ?? [];
  const scale = text.startsWith('rgb') ? 255 : 1;
  return alpha ? [red / scale, green / scale, blue / scale] : undefined;
};

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

/** Relative luminance from 0 (black) to 1 (white). */
export const luminance = ([red, green, blue]: Rgb): number => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);

/**
 * What is written on a brand colour: the first of white, ink and black with a contrast of 4.5 there.
 * White has it up to the first luminance, ink from the second on; in between black has it.
 */
export const onBrand = (brand: Rgb): string => {
  const light = luminance(brand);
  return light <= 0.18333333 ? '#ffffff' : light < 0.1995706289 ? '#000000' : '#0b1020';
};

// A rollup plugin that takes comments and indentation out of the style sheets in the source: css`…` without anything inserted.
import { transform } from 'esbuild';

const SHEET = /\bcss`([^`$\\]*)`/g;

export const tightCss = () => ({
  name: 'tight-css',
  async transform(code, id) {
    if (!id.includes('/src/components/')) return undefined;
    const sheets = [...code.matchAll(SHEET)];
    const tight = await Promise.all(sheets.map(([, css]) => transform(css, { loader: 'css', minify: true, charset: 'utf8' })));
    if (tight.some(({ code: css }) => /[`$\\]/.test(css))) return undefined;
    let at = -1;
    // The lines stay as many as they were, so that maps of the source stay true.
    const text = code.replace(SHEET, (whole) => `css\`${tight[(at += 1)].code.trim()}${'\n'.repeat(whole.split('\n').length - 1)}\``);
    return { code: text, map: null };
  },
});

// Rollup plugins that make what a page loads small. Of the comments the banner stays.
import { minify as fold } from '@swc/core';
import { transform } from 'esbuild';

/** esbuild gives the shortest names to what is named most, swc folds the code best; either alone leaves 1 to 3 % more. */
export const minify = () => [
  {
    name: 'short-names',
    renderChunk: (code) => transform(code, { minify: true, target: 'es2022', legalComments: 'inline', sourcemap: true }),
  },
  {
    name: 'folded',
    renderChunk: (code, _chunk, { format }) =>
      fold(code, { module: format === 'es', ecma: 2022, compress: { toplevel: true, passes: 3, sequences: false }, mangle: { toplevel: true }, format: { comments: { regex: '^! Stoa' } }, sourceMap: true }),
  },
];

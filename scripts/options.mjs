// Writes the table of options into the README, from the one table in the source.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionsTable, withTable } from './lib/options-table.mjs';
import { root } from './lib/root.mjs';

const readme = join(root, 'README.md');
const text = withTable(readFileSync(readme, 'utf8'), await optionsTable());
if (text === undefined) {
  console.error('README.md has no place for the table: it stands between <!-- options --> and <!-- /options -->.');
  process.exitCode = 1;
} else writeFileSync(readme, text);

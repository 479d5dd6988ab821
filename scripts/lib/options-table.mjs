// The table of options as the README shows it, made from the one table in the source.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './root.mjs';

const START = '<!-- options -->';
const END = '<!-- /options -->';

/** The Markdown table of all options. */
export async function optionsTable() {
  const outfile = join(root, '.test/options/config.mjs');
  await build({ entryPoints: [join(root, 'src/app/config.ts')], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', logLevel: 'warning' });
  const { optionTable } = await import(`${pathToFileURL(outfile).href}?${Date.now()}`);
  const rows = optionTable.map((row) => `| \`${row.name}\` | ${row.type} | ${row.default} | ${row.does} |`);
  return ['| option | what may be given | default | what it does |', '|---|---|---|---|', ...rows].join('\n');
}

/** The text with what stands between the marks replaced by the table; undefined when the marks are missing. */
export function withTable(text, table) {
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  return start < 0 || end < start ? undefined : `${text.slice(0, start)}${START}\n${table}\n${text.slice(end)}`;
}

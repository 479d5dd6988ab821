// The table of options as the README shows it, made from the tables in the source.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { root } from './root.mjs';

const START = '<!-- options -->';
const END = '<!-- /options -->';

/** The Markdown table of all options. */
export async function optionsTable() {
  const outfile = join(root, '.test/options/options.mjs');
  const contents = "export { optionTable } from './config.js'; export { optionDocs } from './option-docs.js';";
  await build({ stdin: { contents, resolveDir: join(root, 'src/app') }, outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', logLevel: 'warning' });
  const { optionTable, optionDocs } = await import(`${pathToFileURL(outfile).href}?${Date.now()}`);
  const rows = optionTable.map(({ name }) => `| \`${name}\` | ${optionDocs[name].type} | ${optionDocs[name].default} | ${optionDocs[name].does} |`);
  return ['| option | what may be given | default | what it does |', '|---|---|---|---|', ...rows].join('\n');
}

/** The text with what stands between the marks replaced by the table; undefined when the marks are missing. */
export function withTable(text, table) {
  const start = text.indexOf(START);
  const end = text.indexOf(END);
  return start < 0 || end < start ? undefined : `${text.slice(0, start)}${START}\n${table}\n${text.slice(end)}`;
}

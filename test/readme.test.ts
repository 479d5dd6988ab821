/** What README and CONTRIBUTING promise is there: the options of the source, the commands of package.json, the files they point to. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { optionsTable, withTable } from '../scripts/lib/options-table.mjs';
import { root } from '../scripts/lib/root.mjs';

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = ['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md'];

describe('the words for people', () => {
  it('the README has the table of options that the source has (npm run options writes it)', async () => {
    const readme = read('README.md');
    assert.equal(withTable(readme, await optionsTable()), readme);
  });

  it('a table that differs would be noticed', async () => {
    const readme = read('README.md');
    assert.notEqual(withTable(readme.replace('| `mode` |', '| `moed` |'), await optionsTable()), readme.replace('| `mode` |', '| `moed` |'));
    assert.equal(withTable('without marks', ''), undefined);
  });

  it('every command that they name exists', () => {
    const scripts = new Set(Object.keys((JSON.parse(read('package.json')) as { scripts: Record<string, string> }).scripts));
    for (const page of pages) for (const [, command] of read(page).matchAll(/npm (?:run ([\w:]+)|(?:test)\b)/gu)) assert.ok(scripts.has(command ?? 'test'), `${page} names “npm run ${command ?? 'test'}”`);
  });

  it('every file that they link to exists', () => {
    for (const page of pages) for (const [, path = ''] of read(page).matchAll(/\]\((?!https?:)([^)#]+)\)/gu)) assert.ok(existsSync(join(root, path)), `${page} links to ${path}`);
  });
});

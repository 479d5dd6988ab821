/** What is shipped says what the source says: only comments, line breaks and indentation are gone from its templates. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { transform } from 'esbuild';
import { root } from '../scripts/lib/root.mjs';
import { tighten } from '../scripts/lib/tight-templates.mjs';

const folder = join(root, 'src/components');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter(path => path.endsWith('.ts'))
  .map(path => ({ path, text: readFileSync(join(folder, path), 'utf8') }));
const sheets = (text: string): Promise<readonly string[]> =>
  Promise.all([...text.matchAll(/\bcss`([^`]*)`/gu)].map(async ([, css = '']) => (await transform(css.replace(/\/\*.*?\*\//gsu, ''), { loader: 'css', charset: 'utf8' })).code));

describe('tight templates', () => {
  it('have no line break between tags and values, and a space where one is beside words', async () => {
    assert.equal(await tighten('html`\n  <p>\n    ${name}\n    <b>of</b>\n  </p>\n`;'), 'html`<p>${\n\nname}<b>of</b></p>`\n\n\n;');
    assert.equal(await tighten('html`<p>one ·\n  <b>two</b>\n  three ${more}</p>`;'), 'html`<p>one · <b>two</b> three ${\n\nmore}</p>`;');
  });

  it('keep what stands on one line as it is', async () => {
    for (const source of ['html`${icon} ${words} <b>a</b> <b>c</b>`;', 'html`<pre>  a  </pre>`;', 'other`\n  <p>\n`;', '`\n  <p>\n`;']) assert.equal(await tighten(source), source);
  });

  it('part the attributes of a tag by one space', async () => {
    assert.equal(await tighten('html`<a\n  href=${one}\n  title="b"\n  >${two}</a\n>`;'), 'html`<a href=${\none} title="b">${\n\ntwo}</a>`\n;');
    assert.equal(await tighten('html`<input\n  id=${one}\n/>`;'), 'html`<input id=${\none} />`\n;');
  });

  it('have sheets without comments, unless values are in them', async () => {
    assert.equal(await tighten('css`\n  /* Why. */\n  a {\n    color: red;\n  }\n`;'), 'css`a{color:red}`\n\n\n\n\n;');
    assert.equal(await tighten('css`\n  a { color: ${red}; }\n`;'), 'css`\n  a { color: ${red}; }\n`;');
  });

  it('of the source keep their lines, their rules and their words', async () => {
    let found = 0;
    for (const { path, text } of sources) {
      const tight = await tighten(text);
      assert.equal(tight.split('\n').length, text.split('\n').length, path);
      assert.deepEqual(await sheets(tight), await sheets(text), path);
      const markup = (source: string): string => source.replace(/\bcss`[^`]*`/gu, '').replace(/\s/gu, '');
      assert.equal(markup(tight), markup(text), path);
      if (tight !== text) found += 1;
    }
    assert.ok(found > 15, `${found} files have templates`);
  });
});

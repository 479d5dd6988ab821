// A rollup plugin that takes comments, line breaks and indentation out of the templates in the source: css`…`, html`…` and svg`…`.
import { transform } from 'esbuild';
import ts from 'typescript';

/** Stands for a value that is put in; no template has it. */
const HOLE = '\0';

/**
 * Markup on one line. Within a tag a line break parts attributes; beside words it is a space; between tags and values it is nothing.
 * What is written on one line stays as it is.
 */
const tightMarkup = (markup) =>
  markup.replace(/\s*\n\s*/g, (space, at) => {
    const before = markup.slice(0, at);
    const after = markup.at(at + space.length) ?? '<';
    const inTag = before.lastIndexOf('<') > before.lastIndexOf('>');
    if (inTag) return after === '>' ? '' : ' ';
    return `>${HOLE}`.includes(before.at(-1) ?? '>') && `<${HOLE}`.includes(after) ? '' : ' ';
  });

const tightSheet = async (css) => (await transform(css, { loader: 'css', minifyWhitespace: true, charset: 'utf8' })).code.trim();

const lineBreaks = (text) => '\n'.repeat(text.split('\n').length - 1);

/**
 * Source with tight templates. It has as many lines as before, each thing on the line where it was begun, so that maps stay true.
 *
 * @param {string} source
 * @returns {Promise<string>}
 */
export async function tighten(source) {
  const edits = [];
  const visit = async (node) => {
    const tag = ts.isTaggedTemplateExpression(node) && ts.isIdentifier(node.tag) ? node.tag.text : '';
    if (/^(html|svg|css)$/.test(tag)) {
      const { template } = node;
      const texts = template.kind === ts.SyntaxKind.NoSubstitutionTemplateLiteral ? [template] : [template.head, ...template.templateSpans.map(({ literal }) => literal)];
      const whole = texts.map((text) => text.rawText ?? text.text).join(HOLE);
      if (whole.split(HOLE).length !== texts.length) throw new Error('A template has a character in it that none may have.');
      // A sheet with values in it stays, as nobody knows what they are.
      const tight = tag !== 'css' ? tightMarkup(whole) : texts.length === 1 ? await tightSheet(whole) : whole;
      if (tight !== whole) {
        tight.split(HOLE).forEach((text, index) => {
          const old = texts[index];
          const closing = old.end - (index === texts.length - 1 ? 1 : 2);
          edits.push({ from: old.getStart() + 1, to: old.end, text: `${text}${source.slice(closing, old.end)}${lineBreaks(source.slice(old.getStart(), old.end)).slice(text.split('\n').length - 1)}` });
        });
      }
    }
    const inner = [];
    node.forEachChild((child) => void inner.push(child));
    for (const child of inner) await visit(child);
  };
  await visit(ts.createSourceFile('a.ts', source, ts.ScriptTarget.Latest, true));
  return edits.sort((one, other) => other.from - one.from).reduce((text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to), source);
}

/** Comes before the types are taken away. */
export const tightTemplates = () => ({
  name: 'tight-templates',
  transform: async (code, id) => (id.includes('/src/components/') ? { code: await tighten(code), map: null } : undefined),
});

// Rollup plugins that let chunks give each other what they have under the names that it has inside: second names weigh a visitor 200 bytes.
import { parseAst } from 'rollup/parseAst';

/** What a page, or an import(), asks for by name keeps its name. */
const isPrivate = (chunk) => chunk && !chunk.isEntry && !chunk.isDynamicEntry;

/** Writes other names between the braces of these imports and exports; no line is made or lost, so that maps stay true. */
const renamed = (code, edits) => edits.reduceRight((text, [{ start, end }, name]) => text.slice(0, start) + name + text.slice(end), code);

/** Two plugins: `imports` comes before names are shortened, `exports` after. A chunk waits for those that it imports from, and these never for it. */
export function localNames() {
  /** By file: the names inside by the names outside, once they are known. */
  const names = new Map();
  const namesOf = (file) => {
    if (!names.has(file)) {
      const its = {};
      its.known = new Promise((resolve) => (its.tell = resolve));
      names.set(file, its);
    }
    return names.get(file);
  };

  const imports = {
    name: 'imports-by-local-names',
    async renderChunk(code, { imports: files }, _options, { chunks }) {
      const edits = [];
      for (const { source, specifiers = [] } of parseAst(code).body) {
        const file = source && files.find((path) => path.split('/').at(-1) === source.value.split('/').at(-1));
        if (!isPrivate(chunks[file])) continue;
        const inside = await namesOf(file).known;
        for (const each of specifiers) {
          const [theirs, ours] = each.imported ? [each.imported, each.local] : [each.local, each.exported];
          edits.push([each, `${inside.get(theirs.name)} as ${ours.name}`]);
        }
      }
      return { code: renamed(code, edits), map: null };
    },
  };

  const exports = {
    name: 'exports-by-local-names',
    renderChunk(code, chunk) {
      if (!isPrivate(chunk)) return undefined;
      const specifiers = parseAst(code).body.flatMap((node) => (node.type === 'ExportNamedDeclaration' ? node.specifiers : []));
      namesOf(chunk.fileName).tell(new Map(specifiers.map(({ local, exported }) => [exported.name, local.name])));
      return { code: renamed(code, specifiers.map((each) => [each, each.local.name])), map: null };
    },
  };

  return { imports, exports };
}

// Runs tests under Node: TypeScript goes through esbuild into .test/node, then to Node's own test runner, and the counts to whoever asked.
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { tellCounts } from './lib/counts.mjs';
import { isMain } from './lib/main.mjs';
import { root } from './lib/root.mjs';
import { allTests, isEndToEndTest, isNodeTest, isServersTest } from './lib/test-files.mjs';

/** Scripts find their neighbours by their own place, so they are imported from where they are and not copied into the bundle. */
const scriptsStay = {
  name: 'scripts-stay',
  setup({ onResolve }) {
    onResolve({ filter: /^\..*\.mjs$/ }, ({ path, resolveDir }) => ({ path: pathToFileURL(resolve(resolveDir, path)).href, external: true }));
  },
};

/** Compiles TypeScript for Node; gives the paths of what it made. @param {readonly string[]} files absolute paths @returns {Promise<string[]>} */
export async function compile(files) {
  const outdir = join(root, '.test/node');
  mkdirSync(outdir, { recursive: true });
  const jobs = files.map(async (file) => {
    const outfile = join(outdir, relative(root, file).replace(/\.ts$/, '.mjs'));
    rmSync(outfile, { force: true });
    await build({ entryPoints: [file], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', sourcemap: 'inline', logLevel: 'warning', plugins: [scriptsStay], absWorkingDir: root });
    return outfile;
  });
  return Promise.all(jobs);
}

/**
 * Compiles and runs the files.
 *
 * @param {readonly string[]} files absolute paths
 * @param {number} [concurrency] how many at a time
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runNodeTests(files, concurrency = 1) {
  const compiled = await compile(files);
  process.env.NODE_OPTIONS = [process.env.NODE_OPTIONS, '--enable-source-maps'].filter(Boolean).join(' ');
  // Node names a test's file as the source map does, and a file that failed by itself as it was started.
  const sourceOf = new Map(compiled.map((file, index) => [file, files[index]]));
  const ran = new Set();
  let passed = 0;
  let failed = 0;
  const stream = run({ files: compiled, concurrency, timeout: 600_000 });
  stream.on('test:pass', (data) => {
    if (data.details.type === 'suite' || sourceOf.has(resolve(data.name))) return;
    ran.add(sourceOf.get(data.file) ?? data.file);
    // A test that is switched off has not passed.
    if (data.skip !== undefined || data.todo !== undefined) failed += 1;
    else passed += 1;
  });
  stream.on('test:fail', (data) => {
    // A suite fails by its tests, which are counted; a file that fails by itself has none to show for it.
    if (data.details.error?.failureType === 'subtestsFailed') return;
    ran.add(sourceOf.get(resolve(data.name)) ?? sourceOf.get(data.file) ?? data.file);
    failed += 1;
  });
  const report = stream.compose(spec);
  report.pipe(process.stdout, { end: false });
  await new Promise((done, reject) => report.on('end', done).on('error', reject));
  for (const file of files) {
    if (ran.has(file)) continue;
    console.error(`${relative(root, file)} ran no test.`);
    failed += 1;
  }
  return { passed, failed };
}

/** Servers let their tests wait for most of the time, so that two files at once disturb neither. */
const AT_ONCE = { '--servers': 2 };

/** Which files a stage runs, by the word it is started with. */
const stages = { '--end-to-end': isEndToEndTest, '--servers': isServersTest };

if (isMain(import.meta.url)) {
  const [first, ...rest] = process.argv.slice(2);
  const named = Object.hasOwn(stages, first ?? '');
  const asked = named ? rest : [first, ...rest].filter(Boolean);
  const all = allTests().filter((path) => (named ? stages[first](path) : isNodeTest(path)));
  const files = (asked.length > 0 ? asked : all).map((file) => (dirname(file) === '.' ? join(root, 'test', file) : resolve(file)));
  const { passed, failed } = await runNodeTests(files, named ? AT_ONCE[first] : 1);
  tellCounts(passed, failed);
  process.exitCode = failed > 0 ? 1 : 0;
}

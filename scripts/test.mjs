// Runs everything that must pass, from a machine that has only Node to one last line. Nothing here is imported from npm, as setup may have to fetch that first.
import { runStages, tellSum } from './lib/stages.mjs';
import { setup } from './setup.mjs';

const bin = (path) => `node_modules/${path}`;
const wtr = bin('@web/test-runner/dist/bin.js');

const browser = (env) => ({ name: 'browser tests', args: [wtr], env, counts: true, minutes: 20 });
const build = { name: 'build', args: ['scripts/build.mjs'] };
const endToEnd = (env) => ({ name: 'end to end', args: ['scripts/node-tests.mjs', '--end-to-end'], env, counts: true, needs: 'build', minutes: 15 });

/** What to set up and to run, by name. */
const suites = {
  all: {
    needs: ['chromium', 'prosody', 'prosody-modules', 'ejabberd'],
    stages: [
      { name: 'lint', args: [bin('eslint/bin/eslint.js'), '.'] },
      { name: 'types', args: [bin('typescript/bin/tsc'), '--noEmit'] },
      build,
      { name: 'rules and scripts', args: ['scripts/node-tests.mjs'], counts: true },
      { name: 'size', args: ['scripts/size.mjs'], counts: true, needs: 'build' },
      browser({}),
      endToEnd({}),
      { name: 'both servers', args: ['scripts/node-tests.mjs', '--servers'], counts: true, needs: 'build', minutes: 15 },
    ],
  },
  firefox: { needs: ['firefox', 'prosody', 'prosody-modules', 'ejabberd'], stages: [build, browser({ BROWSER: 'firefox' }), endToEnd({ BROWSER: 'firefox' })] },
  webkit: { needs: ['webkit', 'prosody', 'prosody-modules', 'ejabberd'], stages: [build, browser({ BROWSER: 'webkit' }), endToEnd({ BROWSER: 'webkit' })] },
};

const name = process.argv[2] ?? 'all';
const suite = Object.hasOwn(suites, name) ? suites[name] : undefined;
try {
  if (!suite) throw new Error(`There is no test run “${name}”; there are ${Object.keys(suites).join(', ')}.`);
  await setup(suite.needs);
} catch (error) {
  console.error(error.message);
  tellSum([{ passed: 0, failed: 1 }]);
  process.exit();
}
await runStages(suite.stages);

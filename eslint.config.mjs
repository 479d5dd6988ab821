// What the code must not do, each with a sentence that says what to do instead.
import lit from 'eslint-plugin-lit';
import a11y from 'eslint-plugin-lit-a11y';
import wc from 'eslint-plugin-wc';
import typescript from 'typescript-eslint';
import { browserFolders } from './scripts/lib/test-files.mjs';

const lowerFloors = ['base', 'entities', 'xmpp', 'store', 'tabs', 'model', 'app', 'features'].map((floor) => `src/${floor}/**/*.ts`);
const product = ['src/**/*.ts', 'plugins/**/*.ts'];

const toHtml = 'Text becomes nodes through lit templates or textContent; no path leads from text to HTML.';
const silent = 'No error vanishes: report it to the log, or handle it and say in a comment why it is no news.';

/** Shapes that are forbidden in all that is shipped. */
const shapes = [
  { selector: 'MemberExpression[property.name=/^(innerHTML|outerHTML|srcdoc)$/]', message: toHtml },
  { selector: 'CallExpression[callee.property.name=/^(insertAdjacentHTML|createContextualFragment|setHTMLUnsafe|write|writeln)$/][callee.object.name!="crypto"]', message: toHtml },
  { selector: 'CallExpression[callee.property.name="setAttribute"][arguments.0.value="style"]', message: 'Strict pages forbid inline styles: use a class, or set a custom property by style.setProperty.' },
  { selector: 'MemberExpression[object.name="Math"][property.name="random"]', message: 'Use randomId of base/id, which nobody can guess.' },
  { selector: 'CallExpression[callee.property.name="catch"] > ArrowFunctionExpression[body.type="Identifier"][body.name="undefined"]', message: silent },
  { selector: 'CallExpression[callee.property.name="catch"] > ArrowFunctionExpression > BlockStatement[body.length=0]', message: silent },
  { selector: 'TaggedTemplateExpression[tag.name=/^(html|svg)$/] TemplateElement[value.raw=/\\sstyle\\s*=/]', message: 'Strict pages forbid inline styles: use a class of the adopted style sheets.' },
  { selector: 'TaggedTemplateExpression[tag.name=/^(html|svg)$/] TemplateElement[value.raw=/<style/]', message: 'Styles belong into the adopted style sheets (css`…`).' },
  { selector: 'TaggedTemplateExpression[tag.name=/^(html|svg)$/] TemplateElement[value.raw=/\\son[a-z]+\\s*=/]', message: 'Strict pages forbid inline handlers: bind them with @event.' },
];

/** Shapes that keep tests from saying the truth. */
const shapesOfTests = [
  { selector: 'MemberExpression[object.name=/^(it|describe|test|suite)$/][property.name=/^(skip|only|todo)$/]', message: 'Every test runs: repair it, or delete it and say why in the commit.' },
  { selector: 'CallExpression[callee.name=/^[xf](it|describe)$/]', message: 'Every test runs: repair it, or delete it and say why in the commit.' },
  { selector: 'CallExpression[callee.name="setTimeout"][arguments.1.value>=100]', message: 'Wait for a condition, never for a time.' },
  { selector: 'CallExpression[callee.name=/^(aTimeout|sleep|delay)$/]', message: 'Wait for a condition, never for a time.' },
];

const forbiddenImports = (...patterns) => [
  'error',
  { patterns: [{ group: ['lit/directives/unsafe-*', 'lit-html/directives/unsafe-*', 'lit/static-html*'], message: toHtml }, { group: ['lit/directives/style-map*'], message: 'Strict pages forbid inline styles: use classMap.' }, ...patterns] },
];

const noPage = ['document', 'window', 'self', 'localStorage', 'sessionStorage', 'location', 'history'].map((name) => ({ name, message: 'There is no page below the screen: ask the Environment (base/environment).' }));

/** The rules of ESLint itself that have caught something somewhere and cost nobody a thought. */
const core = {
  'array-callback-return': 'error',
  'constructor-super': 'error',
  eqeqeq: 'error',
  'for-direction': 'error',
  'no-async-promise-executor': 'error',
  'no-compare-neg-zero': 'error',
  'no-cond-assign': ['error', 'except-parens'],
  'no-const-assign': 'error',
  'no-constant-condition': 'error',
  'no-control-regex': 'error',
  'no-debugger': 'error',
  'no-dupe-class-members': 'error',
  'no-dupe-else-if': 'error',
  'no-dupe-keys': 'error',
  'no-duplicate-case': 'error',
  'no-empty': 'error',
  'no-eval': 'error',
  'no-extend-native': 'error',
  'no-fallthrough': 'error',
  'no-implied-eval': 'error',
  'no-irregular-whitespace': 'error',
  'no-misleading-character-class': 'error',
  'no-new-func': 'error',
  'no-proto': 'error',
  'no-script-url': 'error',
  'no-self-assign': 'error',
  'no-self-compare': 'error',
  'no-sparse-arrays': 'error',
  'no-template-curly-in-string': 'error',
  'no-unreachable': 'error',
  'no-unsafe-finally': 'error',
  'no-unsafe-negation': 'error',
  'no-unused-labels': 'error',
  'no-useless-escape': 'error',
  'no-var': 'error',
  'no-with': 'error',
  'prefer-const': 'error',
  'require-yield': 'error',
  'use-isnan': 'error',
  'valid-typeof': 'error',
};

/** What the strict set asks for and this code decides otherwise. */
const ownTaste = {
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
  // What was caught is handed on as it is; the one who hears of it makes an error of it.
  '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
  // `void promise` says that nobody waits, and arrow functions may end in a call that gives nothing.
  '@typescript-eslint/no-confusing-void-expression': 'off',
  '@typescript-eslint/no-invalid-void-type': 'off',
  '@typescript-eslint/no-meaningless-void-operator': 'off',
  // It cannot see that a variable changes while somebody waits, which is what most of our conditions are about.
  '@typescript-eslint/no-unnecessary-condition': 'off',
  '@typescript-eslint/no-dynamic-delete': 'off',
  // Methods of our shapes are closures: they may be taken apart.
  '@typescript-eslint/unbound-method': 'off',
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
  '@typescript-eslint/switch-exhaustiveness-check': 'error',
  '@typescript-eslint/no-unused-vars': ['error', { args: 'all', argsIgnorePattern: '^_' }],
};

/** Hostile input and fakes need what the product must not do. */
const tasteOfTests = {
  '@typescript-eslint/no-unused-expressions': 'off',
  '@typescript-eslint/no-unnecessary-type-assertion': 'off',
  '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [{ from: 'package', package: 'node:test', name: ['it', 'test', 'describe', 'suite', 'before', 'after', 'beforeEach', 'afterEach'] }] }],
  'no-script-url': 'off',
  '@typescript-eslint/require-await': 'off',
  '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
  'no-template-curly-in-string': 'off',
};

const strict = typescript.configs.strictTypeChecked.map((config) => ({ ...config, files: ['**/*.ts'] }));

export default [
  { ignores: ['dist/', 'dist.*/', '.test/', '.demo/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  { files: ['**/*.ts', '**/*.mjs', '**/*.js'], rules: core },
  ...strict,
  { files: ['**/*.ts'], languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } }, rules: ownTaste },
  {
    files: product,
    rules: {
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...shapes],
      'no-restricted-imports': forbiddenImports(),
    },
  },
  { files: ['src/base/log.ts'], rules: { 'no-console': 'off' } },
  { files: lowerFloors, rules: { 'no-restricted-globals': ['error', ...noPage] } },
  { files: ['src/components/**/*.ts', 'plugins/*/ui/**/*.ts', 'src/api-ui.ts'], ...lit.configs['flat/recommended'] },
  { files: ['src/components/**/*.ts', 'plugins/*/ui/**/*.ts'], ...wc.configs['flat/best-practice'] },
  { files: ['src/components/**/*.ts', 'plugins/*/ui/**/*.ts'], plugins: { 'lit-a11y': a11y }, rules: a11y.configs.recommended.rules },
  { files: ['test/**/*.mjs'], rules: { 'no-restricted-syntax': ['error', ...shapesOfTests] } },
  { files: ['test/**/*.ts'], rules: { ...tasteOfTests, 'no-restricted-syntax': ['error', ...shapesOfTests] } },
  // The types of the DOM comparison make a promise of each expect(…).to.equal(…), which it is not.
  { files: browserFolders.map((folder) => `test/${folder}/**/*.ts`), rules: { '@typescript-eslint/no-floating-promises': 'off' } },
];

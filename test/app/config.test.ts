import { expect } from '@open-wc/testing';
import { optionTable, readOptions, type OptionsInput } from '../../src/app/config.js';
import { optionDocs } from '../../src/app/option-docs.js';
import { troubleWords } from '../../src/base/words/trouble.js';

const good = { to: 'support@example.org', service: 'wss://example.org/ws' };

describe('options', () => {
  it('are told to readers of the README with every value that they take', () => {
    for (const { name, values: all, read } of optionTable) {
      const values = [...optionDocs[name].type.matchAll(/`([a-z]+)`/gu)].flatMap(([, value]) => value ?? []);
      if (all) expect(values).to.deep.equal(all);
      for (const value of values) expect(read(value)).to.equal(value);
    }
  });

  it('fill in what is not given', () => {
    const { options, problems } = readOptions(good);
    expect(problems).to.deep.equal([]);
    expect(options).to.deep.include({ mode: 'bubble', domain: 'example.org', auth: 'anonymous', theme: 'auto', storage: 'local', service: ['wss://example.org/ws'] });
  });

  it('take a password login for granted in page mode', () => {
    expect(readOptions({ mode: 'page', domain: 'example.org', service: good.service }).options.auth).to.equal('password');
  });

  const wrong: readonly (readonly [string, string])[] = [
    ['mode', 'popup'], ['domain', 'ana@example.org'], ['service', 'example.org'], ['service', 'javascript:alert(1)'], ['service', 'wss://example.org/ws ftp://example.org/'], ['to', 'not an address'],
    ['auth', 'magic'], ['token', 'secret'], ['username', 'ana@example.org'], ['username', '"'], ['mechanism', 'digest'], ['theme', 'pink'], ['locale', 'no_such_locale!'], ['storage', 'cloud'], ['label', 'x'.repeat(41)],
  ];
  for (const [option, given] of wrong) {
    it(`name “${option}” when it is ${given.slice(0, 20)}`, () => {
      const { problems } = readOptions({ ...good, [option]: given });
      const problem = problems.find(({ params }) => params?.['option'] === option);
      expect(problem?.code).to.equal(`option-wrong-${option}`);
      expect(problem?.params?.['given']).to.equal(given.slice(0, 80));
      const values = optionTable.find(({ name }) => name === option)?.values;
      if (values) expect(problem?.params?.['allowed']).to.equal(values.join(', ').replace(/, (?=[a-z]+$)/u, ' and '));
      // One that cannot list what is allowed says it in a sentence of its own.
      expect(Object.keys(troubleWords).includes(`option-wrong-${option}`)).to.equal(!values);
    });
  }

  it('miss whom to talk to in a bubble, not in a page', () => {
    expect(readOptions({ domain: 'example.org', service: good.service }).problems.map(({ code, params }) => [code, params?.['option']])).to.deep.equal([['option-missing-to', 'to']]);
    expect(readOptions({ mode: 'page', domain: 'example.org', service: good.service }).problems).to.deep.equal([]);
  });

  it('take a function that gives tokens, and want one where the site logs people in', () => {
    const token = (): Promise<string> => Promise.resolve('x');
    const missing = (input: OptionsInput): unknown => readOptions({ ...good, auth: 'token', ...input }).problems.map(({ code, params }) => [code, params?.['option']]);
    expect(readOptions({ ...good, auth: 'token', token }).options).to.deep.include({ auth: 'token', token, username: '', mechanism: 'oauthbearer' });
    expect(readOptions({ ...good, auth: 'token', token, username: 'Ana', mechanism: 'plain' }).options).to.deep.include({ username: 'ana', mechanism: 'plain' });
    expect(missing({ token })).to.deep.equal([]);
    expect(missing({})).to.deep.equal([['option-missing-token', 'token']]);
    expect(missing({ token: 'secret' })).to.deep.equal([['option-wrong-token', 'token']]);
    expect(missing({ token, mechanism: 'plain' })).to.deep.equal([['option-missing-username', 'username']]);
    expect(readOptions({ ...good, service: token as unknown as string }).problems.map(({ params }) => [params?.['option'], params?.['given']])).to.deep.equal([['service', 'function']]);
  });

  it('do not need a service, as it is found by the domain', () => {
    const { options, problems } = readOptions({ to: 'support@example.org' });
    expect(problems).to.deep.equal([]);
    expect(options).to.deep.include({ domain: 'example.org', service: [] });
    expect(readOptions({ mode: 'page' }).problems).to.deep.equal([]);
  });

  it('take several services of both kinds, as a text or as a list', () => {
    const several = ['wss://example.org/ws', 'https://example.org/http-bind', 'ws://localhost:5280/', 'http://127.0.0.1/bosh'];
    for (const service of [several, several.join(' '), several.join(', ')]) expect(readOptions({ ...good, service }).options.service).to.deep.equal(several);
  });

  it('ignore a polluted prototype', () => {
    const input = Object.create({ to: 'evil@example.net' }) as Record<string, string>;
    Object.assign(input, { mode: 'page', service: good.service, domain: 'example.org' });
    expect(readOptions(input).options.to).to.equal('');
  });
});

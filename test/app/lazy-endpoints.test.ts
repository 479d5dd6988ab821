/** Where a sign-in connects to: one named address needs nothing more, anything else is found by what is loaded for it. */
import { expect } from '@open-wc/testing';
import { readOptions, type OptionsInput } from '../../src/app/config.js';
import { endpointsFor } from '../../src/app/lazy-endpoints.js';
import { createLog } from '../../src/base/log.js';
import { endpointAt } from '../../src/xmpp/endpoint.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { fakeWeb } from '../support/fake-web.js';
import { settle } from '../support/quiet.js';

const WS = 'wss://xmpp.example.org/ws';
const BOSH = 'https://xmpp.example.org/bosh';

const device = (input: OptionsInput) => {
  const values = new Map<string, unknown>();
  let asked = 0;
  const keyvalue = {
    get: <T>(_account: string, key: string) => {
      asked += 1;
      return Promise.resolve(values.get(key) as T | undefined);
    },
    set: (_account: string, key: string, value: unknown) => {
      asked += 1;
      return Promise.resolve(void values.set(key, value));
    },
  };
  const { options } = readOptions({ mode: 'page', domain: 'example.org', ...input });
  const endpoints = endpointsFor({ options, domain: 'example.org', visitor: false, store: { keyvalue }, environment: fakeEnvironment(), log: createLog('test', () => undefined), fetch: fakeWeb({}).fetch });
  const find = async (): Promise<readonly string[]> => (await endpoints.find(new AbortController().signal)).map(({ url }) => url);
  return { endpoints, find, asked: () => asked };
};

describe('the endpoints of a sign-in', () => {
  it('are the one address that the page names, and nothing is remembered of it', async () => {
    const { endpoints, find, asked } = device({ service: WS });
    expect(await find()).to.deep.equal([WS]);
    endpoints.worked(endpointAt(WS));
    endpoints.failed();
    await settle();
    expect(await find()).to.deep.equal([WS]);
    expect(asked()).to.equal(0);
  });

  it('are tried with the one that worked first, if there are several', async () => {
    const { endpoints, find } = device({ service: [WS, BOSH] });
    expect(await find()).to.deep.equal([WS, BOSH]);
    endpoints.worked(endpointAt(BOSH));
    await settle();
    expect(await find()).to.deep.equal([BOSH, WS]);
  });

  it('are looked for where none is named', async () => {
    const { find } = device({});
    const code = await find().then(() => '', (error: unknown) => (error as { code: string }).code);
    expect(code).to.equal('no-endpoint');
  });
});

/** Where a sign-in looks for its server, and what the device remembers of it. */
import { expect } from '@open-wc/testing';
import { readOptions, type OptionsInput } from '../../src/app/config.js';
import { endpointsOf } from '../../src/app/server-endpoints.js';
import { createLog } from '../../src/base/log.js';
import type { KeyValue } from '../../src/store/contract.js';
import { endpointAt } from '../../src/xmpp/endpoint.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { fakeWeb } from '../support/fake-web.js';
import { settle } from '../support/quiet.js';

const WS = 'wss://xmpp.example.org/ws';
const BOSH = 'https://xmpp.example.org/bosh';
const META = JSON.stringify({ links: [{ rel: 'urn:xmpp:alt-connections:websocket', href: WS }] });

const device = (input: OptionsInput) => {
  const values = new Map<string, unknown>();
  const keyvalue: Pick<KeyValue, 'get' | 'set'> = {
    get: <T>(account: string, key: string) => Promise.resolve(values.get(`${account}|${key}`) as T | undefined),
    set: (account, key, value) => Promise.resolve(void values.set(`${account}|${key}`, value)),
  };
  const web = fakeWeb({ 'https://example.org/.well-known/host-meta.json': META });
  const environment = fakeEnvironment();
  const { options } = readOptions(input);
  const open = (domain = options.domain, visitor = true) => endpointsOf({ options, domain, visitor, store: { keyvalue }, environment, log: createLog('test', () => undefined), fetch: web.fetch });
  const find = async (...which: Parameters<typeof open>): Promise<readonly string[]> => (await open(...which).find(new AbortController().signal)).map(({ url }) => url);
  const domains = (): readonly string[] => [...new Set(web.asked.map(url => new URL(url).hostname))];
  return { open, find, domains, values };
};

describe('the server of a sign-in', () => {
  it('is looked for by the host of guests, then by the domain of whom a visitor talks to', async () => {
    const { find, domains } = device({ domain: 'guest.example.org', to: 'support@example.org' });
    expect(await find()).to.deep.equal([WS]);
    expect(domains()).to.deep.equal(['guest.example.org', 'example.org']);
  });

  it('is never looked for elsewhere by people with an account', async () => {
    const { open, domains } = device({ mode: 'page', to: 'support@example.org' });
    let code = '';
    await open('elsewhere.example', false).find(new AbortController().signal).catch((error: unknown) => (code = (error as { code: string }).code));
    expect(code).to.equal('no-endpoint');
    expect(domains()).to.deep.equal(['elsewhere.example']);
  });

  it('is remembered on the device, for each domain by itself', async () => {
    const { open, find, domains, values } = device({ mode: 'page', service: [WS, BOSH], domain: 'example.org' });
    open().worked(endpointAt(BOSH));
    await settle();
    expect(await find()).to.deep.equal([BOSH, WS]);
    expect(await find('other.example')).to.deep.equal([WS, BOSH]);
    expect([...values.keys()]).to.deep.equal(['|endpoints/example.org']);
    expect(domains()).to.deep.equal([]);
  });
});

/** Which endpoints are tried, in which order, and what is remembered of them. */
import { expect } from '@open-wc/testing';
import { ChatError } from '../../src/base/errors.js';
import { createLog, type LogEntry } from '../../src/base/log.js';
import { endpointAt } from '../../src/xmpp/endpoint.js';
import { createEndpoints, type EndpointMemory, type KnownEndpoints } from '../../src/xmpp/endpoints.js';
import { problemOf } from '../../src/xmpp/trouble.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { fakeWeb, notFound, silence, type Page } from '../support/fake-web.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';

const WS = 'wss://xmpp.example.org/ws';
const BOSH = 'https://xmpp.example.org/bosh';
const NEW = 'wss://new.example.org/ws';
const META = 'https://example.org/.well-known/host-meta.json';
const GUEST_META = 'https://guest.example.org/.well-known/host-meta.json';
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const meta = (...hrefs: readonly string[]): string => JSON.stringify({ links: hrefs.map(href => ({ rel: `urn:xmpp:alt-connections:${href.startsWith('wss') ? 'websocket' : 'xbosh'}`, href })) });
const nothing = (...domains: readonly string[]): Record<string, Page> => Object.fromEntries(domains.flatMap(domain => ['host-meta', 'host-meta.json'].map(file => [`https://${domain}/.well-known/${file}`, notFound])));

/** A device on which pages are opened one after the other. */
const device = (start: { readonly services?: readonly string[]; readonly domain?: string; readonly otherwise?: string; readonly pages?: Readonly<Record<string, Page>>; readonly memory?: EndpointMemory } = {}) => {
  const environment = fakeEnvironment();
  const web = fakeWeb(start.pages);
  const reports: LogEntry[] = [];
  const log = createLog('test', entry => void reports.push(entry));
  let stored: KnownEndpoints | undefined;
  const memory: EndpointMemory = start.memory ?? { get: () => Promise.resolve(stored), set: known => Promise.resolve(void (stored = known)) };
  const open = (services = start.services ?? []) => {
    const endpoints = createEndpoints({ domain: start.domain ?? 'example.org', otherwise: start.otherwise, services, environment, log, memory, fetch: web.fetch });
    const ending = new AbortController();
    return {
      ...endpoints,
      worked: async (url: string): Promise<void> => {
        endpoints.worked(endpointAt(url));
        await settle();
      },
      abort: () => ending.abort(),
      /** The addresses to try; or the code of what was wrong. */
      find: (): Promise<readonly string[] | string> =>
        endpoints.find(ending.signal).then(
          found => found.map(({ url }) => url),
          (error: unknown) => (error instanceof ChatError ? `${error.code} ${error.retry}` : String(error)),
        ),
      problem: (): Promise<unknown> => endpoints.find(ending.signal).then(
        () => undefined,
        (error: unknown) => problemOf(error as ChatError, { domain: 'example.org', host: 'example.org', service: '' }),
      ),
    };
  };
  return {
    environment,
    web,
    reports,
    open,
    /** Waits until so many addresses were asked for. */
    asking: (count: number): Promise<true> => until(`${count} questions`, () => web.asked.length >= count),
    get stored() {
      return stored;
    },
  };
};

describe('the endpoints that a page names', () => {
  it('are all used in their order, each as its scheme says, and nothing is looked for', async () => {
    const here = device({ services: [WS, BOSH, 'ws://localhost:5280/ws', 'http://localhost:5280/bosh', WS] });
    expect(await here.open().find()).to.deep.equal([WS, BOSH, 'ws://localhost:5280/ws', 'http://localhost:5280/bosh']);
    const found = await createEndpoints({ domain: 'example.org', services: [WS, BOSH], environment: here.environment, log: createLog('test', () => undefined), memory: { get: () => Promise.resolve(undefined), set: () => Promise.resolve() } }).find(new AbortController().signal);
    expect(found.map(({ transport }) => transport)).to.deep.equal(['websocket', 'bosh']);
    expect(here.web.asked).to.deep.equal([]);
  });

  it('begin with the one that worked last, on later pages too', async () => {
    const here = device({ services: [WS, NEW, BOSH] });
    const page = here.open();
    await page.find();
    await page.worked(NEW);
    expect(await page.find()).to.deep.equal([NEW, WS, BOSH]);
    expect(await here.open().find()).to.deep.equal([NEW, WS, BOSH]);
    expect(await here.open([BOSH, WS]).find()).to.deep.equal([BOSH, WS]);
  });

  it('give WebSocket another chance an hour after BOSH won', async () => {
    const here = device({ services: [WS, BOSH] });
    await here.open().worked(BOSH);
    await here.environment.advance(HOUR - 1);
    await here.open().worked(BOSH);
    expect(await here.open().find()).to.deep.equal([BOSH, WS]);
    await here.environment.advance(1);
    expect(await here.open().find()).to.deep.equal([WS, BOSH]);
    await here.open().worked(BOSH);
    expect(await here.open().find()).to.deep.equal([BOSH, WS]);
  });

  it('are named when one is not safe, and not just left out', async () => {
    const here = device();
    expect(await here.open([WS, 'ws://example.org/ws']).find()).to.equal('insecure-service no');
    expect(await here.open(['http://example.org/bosh', WS]).problem()).to.deep.equal({ code: 'insecure-service', params: { domain: 'example.org', service: 'http://example.org/bosh', host: 'example.org' } });
    expect(await here.open(['ftp://example.org/']).find()).to.equal('bad-service no');
  });

  it('do not depend on a memory that works', async () => {
    const broken = (): Promise<never> => Promise.reject(new ChatError('storage', 'failed', 'user'));
    const here = device({ services: [WS, BOSH], memory: { get: broken, set: broken } });
    const page = here.open();
    expect(await page.find()).to.deep.equal([WS, BOSH]);
    await page.worked(BOSH);
    expect(await page.find()).to.deep.equal([BOSH, WS]);
    expect(here.reports.map(({ text }) => text)).to.deep.equal(['What is known of the server could not be read.', 'What is known of the server could not be stored.']);
  });
});

describe('the endpoints that are found', () => {
  it('are asked of the domain once a day', async () => {
    const here = device({ pages: { [META]: meta(BOSH, WS) } });
    expect(await here.open().find()).to.deep.equal([WS, BOSH]);
    expect(here.web.asked).to.have.length(2);
    here.web.pages = { [META]: meta(NEW) };
    await here.environment.advance(DAY - 1);
    expect(await here.open().find()).to.deep.equal([WS, BOSH]);
    expect(here.web.asked).to.have.length(2);
    await here.environment.advance(1);
    expect(await here.open().find()).to.deep.equal([NEW]);
    expect(here.stored?.found?.urls).to.deep.equal([NEW]);
  });

  it('are asked for anew when none worked, though not more than once a minute', async () => {
    const here = device({ pages: { [META]: meta(WS) } });
    await here.open().find();
    here.web.pages = { [META]: meta(NEW) };
    const page = here.open();
    expect(await page.find()).to.deep.equal([WS]);
    page.failed();
    expect(await page.find()).to.deep.equal([NEW]);
    here.web.pages = { [META]: meta(BOSH) };
    page.failed();
    expect(await page.find()).to.deep.equal([NEW]);
    await here.environment.advance(60_000);
    expect(await page.find()).to.deep.equal([BOSH]);
    await page.worked(BOSH);
    here.web.asked.length = 0;
    await here.environment.advance(60_000);
    expect(await page.find()).to.deep.equal([BOSH]);
    expect(here.web.asked).to.deep.equal([]);
  });

  it('are used though they are old when nobody answers, and though something else answers while they are fresh', async () => {
    const here = device({ pages: { [META]: meta(WS) } });
    await here.open().find();
    here.web.pages = nothing('example.org');
    const page = here.open();
    page.failed();
    expect(await page.find()).to.deep.equal([WS]);
    await here.environment.advance(40 * DAY);
    here.web.pages = {};
    expect(await here.open().find()).to.deep.equal([WS]);
    here.web.pages = nothing('example.org');
    expect(await here.open().find()).to.equal('no-endpoint later');
  });

  it('begin with the one that worked last', async () => {
    const here = device({ pages: { [META]: meta(WS, NEW, BOSH) } });
    await here.open().worked(NEW);
    expect(await here.open().find()).to.deep.equal([NEW, WS, BOSH]);
  });

  it('are asked of the domain of whom a visitor talks to, where the host of guests names none', async () => {
    const here = device({ domain: 'guest.example.org', otherwise: 'example.org', pages: { [META]: meta(WS) } });
    expect(await here.open().find()).to.deep.equal([WS]);
    expect(here.web.asked.filter(url => url.endsWith('.json'))).to.deep.equal([GUEST_META, META]);
    const both = device({ domain: 'guest.example.org', otherwise: 'example.org', pages: { [META]: meta(WS), [GUEST_META]: meta(NEW) } });
    expect(await both.open().find()).to.deep.equal([NEW]);
    expect(both.web.asked).to.have.length(2);
  });

  it('are missed in one sentence, which names the domain that would be asked for them', async () => {
    const sentence = (domain: string): unknown => ({ code: 'no-endpoint', params: { domain, host: 'example.org', service: '' }, action: 'retry' });
    expect(await device({ pages: nothing('example.org') }).open().problem()).to.deep.equal(sentence('example.org'));
    // Without the header for other origins a page is told nothing.
    expect(await device().open().problem()).to.deep.equal(sentence('example.org'));
    expect(await device({ domain: 'guest.example.org', otherwise: 'help.example.net' }).open().problem()).to.deep.equal(sentence('help.example.net'));
  });

  it('are not blamed for a network that is not there', async () => {
    const offline = device();
    offline.environment.online.value = false;
    expect(await offline.open().find()).to.equal('time-out later');
    const slow = device({ pages: { [META]: silence, [META.replace('.json', '')]: silence } });
    const problem = slow.open().problem();
    await slow.asking(2);
    await slow.environment.advance(5_000);
    expect(await problem).to.deep.equal({ code: 'time-out', params: { domain: 'example.org', service: 'https://example.org', host: 'example.org' }, action: 'retry' });
    expect(slow.environment.left).to.equal(0);
  });

  it('are not looked for any longer when nobody wants them', async () => {
    const here = device({ domain: 'guest.example.org', otherwise: 'example.org', pages: { [GUEST_META]: silence, [GUEST_META.replace('.json', '')]: silence, [META]: meta(WS) } });
    const page = here.open();
    const found = page.find();
    await here.asking(2);
    page.abort();
    expect(await found).to.equal('disconnected later');
    expect(here.web.asked).to.have.length(2);
    expect(here.environment.left).to.equal(0);
    expect(here.stored).to.equal(undefined);
  });
});

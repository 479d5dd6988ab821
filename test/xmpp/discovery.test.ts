/** What a domain's host-meta says of its server: both forms, what is safe in them, and what hostile ones may not do. */
import { expect } from '@open-wc/testing';
import { discover, type Discovered } from '../../src/xmpp/discovery.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { fakeWeb, notFound, silence, unreachable, type Page } from '../support/fake-web.js';

const JSON_URL = 'https://example.org/.well-known/host-meta.json';
const XML_URL = 'https://example.org/.well-known/host-meta';
const WS = 'wss://xmpp.example.org/ws';
const BOSH = 'https://xmpp.example.org/bosh';
const XRD = 'http://docs.oasis-open.org/ns/xri/xrd-1.0';

type Rel = 'websocket' | 'xbosh';
const rel = (name: Rel): string => `urn:xmpp:alt-connections:${name}`;
const json = (...links: readonly (readonly [Rel, string])[]): string => JSON.stringify({ links: links.map(([name, href]) => ({ rel: rel(name), href })) });
const xrd = (inner: string, ns = XRD): string => `<?xml version='1.0' encoding='utf-8'?>\n<XRD xmlns='${ns}'>${inner}</XRD>\n`;
const link = (name: Rel, href: string): string => `<Link rel="${rel(name)}" href="${href}"/>`;
const GOOD = json(['websocket', WS]);

interface Made {
  readonly web: ReturnType<typeof fakeWeb>;
  readonly environment: ReturnType<typeof fakeEnvironment>;
  readonly ending: AbortController;
  readonly answer: Promise<Discovered>;
}

const ask = (pages: Readonly<Record<string, Page>>, domain = 'example.org', page?: string): Made => {
  const web = fakeWeb(pages);
  const environment = fakeEnvironment();
  const ending = new AbortController();
  return { web, environment, ending, answer: discover(domain, { environment, fetch: web.fetch, signal: ending.signal, ...(page === undefined ? {} : { page }) }) };
};

/** The addresses that were found; or why there are none. */
const found = async ({ answer }: Made): Promise<readonly string[] | string> => {
  const answered = await answer;
  return answered.kind === 'found' ? answered.endpoints.map(({ url, transport }) => `${transport} ${url}`) : answered.kind;
};
const both = [`websocket ${WS}`, `bosh ${BOSH}`];

describe('looking for a server by its domain', () => {
  it('asks for both forms at once, without cookies, without following redirects', async () => {
    const made = ask({ [JSON_URL]: GOOD });
    expect(made.web.asked).to.deep.equal([JSON_URL, XML_URL]);
    for (const { credentials, redirect, headers } of made.web.requests) expect({ credentials, redirect, headers }).to.deep.equal({ credentials: 'omit', redirect: 'error', headers: undefined });
    await made.answer;
    expect(made.environment.left).to.equal(0);
  });

  it('reads JRD, WebSocket before BOSH whatever their order', async () => {
    expect(await found(ask({ [JSON_URL]: json(['xbosh', BOSH], ['websocket', WS]) }))).to.deep.equal(both);
  });

  it('reads XRD, with a declaration, comments, instructions and other elements in it', async () => {
    const source = xrd(`<!-- <Link rel="${rel('websocket')}" href="wss://commented.example/"/> --><?some thing?>
      <Subject><![CDATA[a < b]]></Subject><Expires>2030-01-30T09:30:00Z</Expires>
      <Link rel="lrdd" type="application/xrd+xml" template="https://example.org/lrdd?uri={uri}"><Title xml:lang="en">Resource</Title></Link>
      ${link('xbosh', BOSH)}${link('websocket', WS)}`);
    expect(await found(ask({ [XML_URL]: source, [JSON_URL]: notFound() }))).to.deep.equal(both);
    expect(await found(ask({ [XML_URL]: `\uFEFF<x:XRD xmlns:x='${XRD}'><x:Link rel='${rel('websocket')}' href='${WS}'></x:Link></x:XRD>` }))).to.deep.equal([`websocket ${WS}`]);
  });

  it('believes the first form that names an endpoint, and lets go of the other', async () => {
    const made = ask({ [JSON_URL]: silence, [XML_URL]: xrd(link('websocket', WS)) });
    expect(await found(made)).to.deep.equal([`websocket ${WS}`]);
    expect(made.web.aborted).to.include(JSON_URL);
    expect(made.environment.left).to.equal(0);
  });

  it('takes what one form has where the other is of no use', async () => {
    for (const useless of [notFound(), '', '<html>', '{', '[]', 'null', '{"links":{}}', '{"links":[null, 3, "x"]}', json(['websocket', 'ws://example.org/'])]) {
      expect(await found(ask({ [JSON_URL]: useless, [XML_URL]: xrd(link('websocket', WS)) }))).to.deep.equal([`websocket ${WS}`]);
    }
    for (const useless of [notFound(), '', '{}', '<XRD', xrd('<Link'), `<!DOCTYPE XRD>${xrd(link('websocket', WS))}`, unreachable]) {
      expect(await found(ask({ [XML_URL]: useless, [JSON_URL]: GOOD }))).to.deep.equal([`websocket ${WS}`]);
    }
  });

  it('tells an answer without endpoints from silence', async () => {
    expect(await found(ask({ [JSON_URL]: notFound(), [XML_URL]: notFound() }))).to.deep.equal([]);
    expect(await found(ask({ [JSON_URL]: notFound() }))).to.deep.equal([]);
    expect(await found(ask({}))).to.equal('silent');
    expect(await found(ask({ [JSON_URL]: new Response('', { status: 502 }), [XML_URL]: new Response(xrd(link('websocket', WS)), { status: 503 }) }))).to.equal('silent');
  });

  it('waits 5 s and no longer, and says so', async () => {
    const made = ask({ [JSON_URL]: silence, [XML_URL]: silence });
    await made.environment.advance(4_999);
    expect(made.web.aborted).to.deep.equal([]);
    await made.environment.advance(1);
    expect(made.web.aborted).to.deep.equal([JSON_URL, XML_URL]);
    expect(await made.answer).to.deep.equal({ kind: 'silent', late: true });
    expect(made.environment.left).to.equal(0);
  });

  it('ends when it is told to', async () => {
    const made = ask({ [JSON_URL]: silence, [XML_URL]: silence });
    made.ending.abort();
    expect(await made.answer).to.deep.equal({ kind: 'silent', late: false });
    expect(made.web.aborted).to.deep.equal([JSON_URL, XML_URL]);
    expect(made.environment.left).to.equal(0);
  });
});

describe('what a host-meta may not do', () => {
  const links = async (...hrefs: readonly string[]): Promise<unknown> => found(ask({ [JSON_URL]: json(...hrefs.map(href => ['websocket', href] as const), ...hrefs.map(href => ['xbosh', href] as const)), [XML_URL]: notFound() }));

  it('lead to an address without TLS, of another scheme, with a login in it, or to the reader\'s own machine', async () => {
    const bad = ['ws://example.org/', 'http://example.org/', 'javascript:alert(1)', 'data:,x', '//example.org/ws', '/ws', 'wss:', '', 'wss://user:pass@example.org/', 'https://user@example.org/', 'wss://example.org/#x'];
    const own = ['wss://localhost/ws', 'ws://localhost/ws', 'https://127.0.0.1:8080/', 'http://127.0.0.1:8080/', 'wss://[::1]/', 'wss://x.localhost/', 'https://2130706433/', 'https://0x7f.1/', 'wss://localhost./', 'https://x.LOCALHOST.:5280/', 'wss://0.0.0.0/', 'https://0/', 'wss://[::]/', 'https://[::ffff:127.0.0.1]/'];
    for (const href of [...bad, ...own]) expect(await links(href), href).to.deep.equal([]);
  });

  it('mix up the two transports', async () => {
    expect(await found(ask({ [JSON_URL]: json(['websocket', BOSH], ['xbosh', WS]), [XML_URL]: notFound() }))).to.deep.equal([]);
  });

  it('name them in a namespace or with a relation of something else', async () => {
    const elsewhere = [
      xrd(link('websocket', WS), 'http://docs.oasis-open.org/ns/xri/xrd-2.0'),
      `<XRD>${link('websocket', WS)}</XRD>`,
      `<x:XRD xmlns:x='${XRD}'>${link('websocket', WS)}</x:XRD>`,
      xrd(`<Property>${link('websocket', WS)}</Property>`),
      xrd(`<Link xmlns='urn:x' rel='${rel('websocket')}' href='${WS}'/>`),
      xrd(`<Link xmlns:x='urn:x' x:rel='${rel('websocket')}' x:href='${WS}'/>`),
      xrd(`<Link rel='urn:xmpp:alt-connections:httppoll' href='${BOSH}'/>`),
      `<html xmlns='http://www.w3.org/1999/xhtml'>${xrd(link('websocket', WS)).slice(39)}</html>`,
    ];
    for (const source of elsewhere) expect(await found(ask({ [XML_URL]: source, [JSON_URL]: notFound() })), source).to.deep.equal([]);
    expect(await found(ask({ [JSON_URL]: `{"links":[{"rel":"urn:xmpp:alt-connections:WEBSOCKET","href":"${WS}"},{"rel":["${rel('websocket')}"],"href":"${WS}"},{"rel":"${rel('websocket')}","href":["${WS}"]}]}`, [XML_URL]: notFound() }))).to.deep.equal([]);
  });

  it('send everybody to a long list of places', async () => {
    const many = Array.from({ length: 300 }, (_each, index) => `wss://victim${index}.example/`);
    expect(await links(...many)).to.have.length(4);
    expect(await links(WS, WS, WS)).to.deep.equal([`websocket ${WS}`]);
  });

  it('be endless, or full of beginnings without ends', async () => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({ pull: controller => controller.enqueue(new Uint8Array((given += 16_384) && 16_384).fill(32)) });
    expect(await found(ask({ [JSON_URL]: new Response(endless), [XML_URL]: notFound() }))).to.deep.equal([]);
    expect(given).to.be.below(200_000);
    for (const piece of ['<!--', '<?', '<![CDATA[', '<XRD>', '<Link ', '&amp;', '[', '{"links":']) {
      const source = piece.repeat(65_000 / piece.length);
      expect(await found(ask({ [JSON_URL]: source, [XML_URL]: source }))).to.deep.equal([]);
    }
  });
});

describe('looking for a server on this machine', () => {
  const meta = json(['websocket', 'ws://localhost:5280/ws'], ['xbosh', 'http://127.0.0.1:5280/bosh'], ['websocket', 'ws://example.org/'], ['websocket', WS]);
  const expected = ['websocket ws://localhost:5280/ws', `websocket ${WS}`, 'bosh http://127.0.0.1:5280/bosh'];

  it('asks the page\'s own server where that is on this machine too', async () => {
    for (const domain of ['localhost', 'guest.localhost', '127.0.0.1']) {
      expect(await found(ask({ 'http://localhost:8090/.well-known/host-meta.json': meta }, domain, 'http://localhost:8090/pages/shop.html'))).to.deep.equal(expected);
    }
  });
  it('asks the name itself from anywhere else', async () => {
    expect(await found(ask({ 'http://guest.localhost/.well-known/host-meta.json': meta }, 'guest.localhost', 'https://example.org/'))).to.deep.equal(expected);
    expect(await found(ask({ 'http://localhost/.well-known/host-meta.json': meta }, 'localhost', 'about:srcdoc'))).to.deep.equal(expected);
  });
  it('never asks the page\'s server for any other domain', async () => {
    const made = ask({ [JSON_URL]: GOOD }, 'example.org', 'http://localhost:8090/');
    await made.answer;
    expect(made.web.asked).to.deep.equal([JSON_URL, XML_URL]);
  });
});

import { expect } from '@open-wc/testing';
import { stanzaHandlers } from '../../src/xmpp/slots.js';
import { fixedEndpoints, refuseService } from '../../src/xmpp/endpoint.js';
import { attr, child, elements, NS, text } from '../../src/xmpp/xml.js';
import { settle } from '../support/quiet.js';
import { onlineSession, testSession, type TestSession } from '../support/test-session.js';

const hello = (body: string): string => `<message xmlns='jabber:client' from='bo@example.org/x' type='chat'><body>${body}</body></message>`;

/** Bodies that arrive. */
const listen = ({ registry }: TestSession): readonly string[] => {
  const bodies: string[] = [];
  registry.add(stanzaHandlers, { claim: { kind: 'message' }, handle: ({ stanza }) => void bodies.push(text(stanza, 'body', NS.client) ?? '') }, 'test');
  return bodies;
};

/** Errors that reach the page as if nobody had caught them. */
const uncaught = (): { readonly errors: readonly string[]; stop(): void } => {
  const errors: string[] = [];
  const hear = (event: ErrorEvent | PromiseRejectionEvent): void => void errors.push('reason' in event ? String(event.reason) : event.message);
  addEventListener('error', hear);
  addEventListener('unhandledrejection', hear);
  return {
    errors,
    stop: () => {
      removeEventListener('error', hear);
      removeEventListener('unhandledrejection', hear);
    },
  };
};

describe('what the network may not do', () => {
  const frames: readonly (readonly [what: string, frame: string, condition: string])[] = [
    ['a malformed frame', '<message', 'not-well-formed'],
    ['a stray end', '</message>', 'not-well-formed'],
    ['two roots', `${hello('a')}${hello('b')}`, 'not-well-formed'],
    ['a duplicate attribute', "<message xmlns='jabber:client' id='1' id='2'/>", 'not-well-formed'],
    ['a DOCTYPE', `<!DOCTYPE x [<!ENTITY y "z">]>${hello('&y;')}`, 'restricted-xml'],
    ['an unknown entity', hello('&nbsp;'), 'restricted-xml'],
    ['a forbidden character', hello('&#1;'), 'not-well-formed'],
    ['an unbound prefix', hello('<x:y/>'), 'bad-namespace-prefix'],
    ['5,000 levels of nothing that was asked for', `<a>${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}</a>`, 'policy-violation'],
  ];
  for (const [what, frame, condition] of frames) {
    it(`${what} closes the stream with ${condition}, and the next good message arrives on the next one`, async () => {
      const page = uncaught();
      const made = await onlineSession();
      const bodies = listen(made);
      const { session, server, environment, status } = made;
      server.push(frame);
      const error = await server.next('error');
      expect(elements(error)[0]?.name).to.equal(condition);
      await server.next('close');
      await settle();
      expect(made.problem).to.equal('bad-data');
      expect(server.open).to.equal(0);
      await environment.advance(2_000);
      await status('online');
      server.push(hello('good'));
      await settle();
      expect(bodies).to.deep.equal(['good']);
      expect(page.errors).to.deep.equal([]);
      page.stop();
      await session.destroy();
    });
  }

  const large: readonly (readonly [what: string, frame: string])[] = [
    ['5,000 levels', `<message xmlns='jabber:client' from='bo@example.org/x'>${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}</message>`],
    ['100,000 attributes', `<message xmlns='jabber:client' from='bo@example.org/x' ${Array.from({ length: 100_000 }, (_, index) => `a${index}='1'`).join(' ')}/>`],
    ['100,000 elements', `<iq xmlns='jabber:client' type='get' id='1' from='bo@example.org/x'><query>${'<a/>'.repeat(100_000)}</query></iq>`],
    ['5 million characters', `<presence xmlns='jabber:client' from='bo@example.org/x'><status>${'a'.repeat(5_000_000)}</status></presence>`],
  ];
  for (const [what, frame] of large) {
    it(`a stanza of ${what} is set aside and counts as received, as it would come again on the next stream`, async () => {
      const page = uncaught();
      const made = await onlineSession();
      const bodies = listen(made);
      const { session, server } = made;
      server.push(frame);
      server.push(hello('good'));
      server.push("<r xmlns='urn:xmpp:sm:3'/>");
      expect(attr(await server.next('a'), 'h')).to.equal('2');
      expect(bodies.at(-1)).to.equal('good');
      expect(session.online.peek()).to.equal(true);
      expect(server.sent.filter(({ name }) => name === 'iq' || name === 'message').slice(1)).to.deep.equal([]);
      expect(page.errors).to.deep.equal([]);
      page.stop();
      await session.destroy();
    });
  }

  it('something that is no text closes the stream', async () => {
    const { session, server } = await onlineSession();
    server.push(new Blob(['<message/>']) as unknown as string);
    expect(elements(await server.next('error'))[0]?.name).to.equal('not-well-formed');
    await session.destroy();
  });

  it('a handler that throws is named, and the next good message arrives', async () => {
    const page = uncaught();
    const made = await onlineSession();
    const { session, server, registry } = made;
    registry.add(stanzaHandlers, { claim: { kind: 'message', type: 'headline' }, handle: () => { throw new Error('broken'); } }, 'a plugin');
    registry.add(stanzaHandlers, { claim: { kind: 'message' }, observe: () => { throw new Error('blind'); } }, 'another');
    const bodies = listen(made);
    server.push("<message xmlns='jabber:client' type='headline'/>");
    server.push(hello('good'));
    await settle();
    expect(bodies).to.deep.equal(['good']);
    expect(made.log.filter(({ level }) => level === 'error').map(({ owner, text: said }) => `${owner}: ${said}`)).to.include.members(['a plugin: broken', 'another: blind']);
    expect(session.online.peek()).to.equal(true);
    expect(page.errors).to.deep.equal([]);
    page.stop();
    await session.destroy();
  });

  it('who watches the status may throw, and the session goes on', async () => {
    const made = testSession();
    const { session, server } = made;
    session.status.subscribe(({ name }) => {
      if (name === 'online') throw new Error('a screen fell over');
    });
    session.connect();
    await made.status('online');
    await settle();
    expect(made.errors()).to.deep.equal(['a screen fell over']);
    const bodies = listen(made);
    server.push(hello('good'));
    await settle();
    expect(bodies).to.deep.equal(['good']);
    await session.destroy();
  });

  it('addresses that are none deafen nobody', async () => {
    const made = await onlineSession();
    const bodies = listen(made);
    made.server.push("<message xmlns='jabber:client' from='@' to='@'><body>odd</body></message>");
    made.server.push("<iq xmlns='jabber:client' from='@' to='/' id='1' type='result'/>");
    made.server.push("<presence xmlns='jabber:client' from='@'/>");
    made.server.push(hello('good'));
    await settle();
    expect(bodies).to.deep.equal(['odd', 'good']);
    await made.session.destroy();
  });

  it('see-other-host leads nowhere', async () => {
    const { session, server, environment } = await onlineSession();
    server.push("<stream:error xmlns:stream='http://etherx.jabber.org/streams'><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>evil.example:5280</see-other-host></stream:error>");
    await settle();
    await environment.advance(300_000);
    expect(new Set(server.attempts)).to.deep.equal(new Set(['ws://localhost:5280/xmpp']));
    await session.destroy();
  });

  it('a close that points elsewhere is only a close', async () => {
    const made = await onlineSession();
    made.server.push("<close xmlns='urn:ietf:params:xml:ns:xmpp-framing' see-other-uri='wss://evil.example/'/>");
    await made.server.next('close');
    await settle();
    expect(made.problem).to.equal('connection-lost');
    expect(made.server.open).to.equal(0);
    await made.session.destroy();
  });

  it('a stream error without a reason is one all the same', async () => {
    const made = await onlineSession();
    made.server.push("<stream:error xmlns:stream='http://etherx.jabber.org/streams'/>");
    await settle();
    expect(made.problem).to.equal('server-error');
    await made.session.destroy();
  });

  it('elements that nobody knows change nothing', async () => {
    const made = await onlineSession();
    const bodies = listen(made);
    for (const frame of ["<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", "<message xmlns='urn:evil'><body>x</body></message>", "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>", "<a xmlns='urn:xmpp:sm:2' h='9'/>", '   ']) made.server.push(frame);
    made.server.push(hello('good'));
    await settle();
    expect(bodies).to.deep.equal(['good']);
    await made.session.destroy();
  });
});

describe('stanzas of one stream', () => {
  it('are handed on in the order in which they came', async () => {
    const made = await onlineSession();
    const bodies = listen(made);
    for (let index = 0; index < 50; index++) made.server.push(hello(String(index)));
    await settle();
    expect(bodies).to.deep.equal(Array.from({ length: 50 }, (_, index) => String(index)));
    await made.session.destroy();
  });

  it('wait until the session may speak', async () => {
    const made = testSession({
      intercept: ({ name }, server) => {
        if (name !== 'enable') return false;
        server.push(hello('early'));
        server.push("<enabled xmlns='urn:xmpp:sm:3'/>");
        return true;
      },
    });
    const bodies = listen(made);
    const seen: string[] = [];
    made.session.on('online', () => seen.push(`online after ${bodies.length}`));
    made.session.connect();
    await made.status('online');
    await settle();
    expect(seen).to.deep.equal(['online after 0']);
    expect(bodies).to.deep.equal(['early']);
    await made.session.destroy();
  });

  it('and nothing is written before stream management is on', async () => {
    const made = testSession({ intercept: ({ name }) => name === 'enable' });
    made.session.connect();
    await made.server.next('enable');
    const refused = await made.session.send({ name: 'presence', attrs: {}, children: [] }).then(() => 'sent', (error: unknown) => String(error));
    expect(refused).to.contain('not-connected');
    expect(await made.session.request({ name: 'iq', attrs: {}, children: [] }).then(() => 'sent', (error: unknown) => String(error))).to.contain('not-connected');
    expect(made.server.received.at(-1)?.name).to.equal('enable');
    await made.session.destroy();
  });

  it('of a domain beyond ASCII are for the domain as its server knows it', async () => {
    const { session, server } = await onlineSession({ domain: 'bücher.example' });
    expect(attr(await server.next('open'), 'to')).to.equal('bücher.example');
    expect(session.account).to.equal('ana@bücher.example');
    await session.destroy();
  });

  it('go out in their namespace', async () => {
    const { session, server } = await onlineSession();
    await session.request({ name: 'iq', attrs: { xmlns: 'jabber:client', type: 'get' }, children: [] }).catch(() => undefined);
    const iq = server.sent.at(-1);
    expect(iq && attr(iq, 'xmlns')).to.equal('jabber:client');
    expect(iq && child(iq, 'x', 'y')).to.equal(undefined);
    await session.destroy();
  });
});

describe('an address of a service', () => {
  const refused = (service: string, page = 'http:'): string | undefined => refuseService(service, page)?.code;
  it('is wss or https, or ws or http on this machine', () => {
    for (const fine of ['wss://example.org/ws', 'https://example.org/bosh', 'http://localhost:5280/http-bind', 'ws://localhost:5280/', 'ws://guest.localhost/', 'ws://127.0.0.1/', 'ws://127.3.2.1/', 'ws://[::1]:80/']) expect(refused(fine)).to.equal(undefined);
    for (const bad of ['ws://example.org/', 'ws://localhost.example.org/', 'ws://127.0.0.1.example.org/', 'ws://192.168.0.1/', 'http://example.org/bosh']) expect(refused(bad)).to.equal('insecure-service');
    for (const bad of ['ftp://example.org/', 'example.org', '', 'javascript:alert(1)']) expect(refused(bad)).to.equal('bad-service');
  });
  it('is mixed content on a page of https', () => expect(refused('ws://example.org/', 'https:')).to.equal('mixed-content'));
  it('that is refused is never connected to', async () => {
    const made = testSession({}, { endpoints: fixedEndpoints('ws://example.org/') });
    made.session.connect();
    await made.status('failed');
    expect(made.problem).to.equal('insecure-service');
    expect(made.server.attempts).to.deep.equal([]);
    await made.session.destroy();
  });
});

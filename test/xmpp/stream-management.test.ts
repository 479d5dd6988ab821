import { expect } from '@open-wc/testing';
import { ChatError } from '../../src/base/errors.js';
import { createLog } from '../../src/base/log.js';
import { stanzaHandlers } from '../../src/xmpp/slots.js';
import { forgetfulStorage } from '../../src/xmpp/session-storage.js';
import { createManagedStream } from '../../src/xmpp/stream-management.js';
import { attr, child, elements, parseXml, xml, type XmlElement } from '../../src/xmpp/xml.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { settle } from '../support/quiet.js';
import { onlineSession, testSession, type TestSession } from '../support/test-session.js';

const SM = 'urn:xmpp:sm:3';
const message = (id: string): XmlElement => xml('message', { to: 'bo@example.org', id });
const incoming = (id: string): string => `<message xmlns='jabber:client' id='${id}'/>`;

/** Sends messages; tells what became of each, in order. */
const send = async ({ session }: TestSession, ...ids: readonly string[]): Promise<readonly string[]> => {
  const fates: string[] = [];
  session.onFate((claim, fate) => Promise.resolve(void fates.push(`${claim} ${fate}`)));
  for (const id of ids) await session.send(message(id), id);
  return fates;
};
/** The counts that the client acknowledged. */
const acknowledged = ({ server }: TestSession): readonly (string | undefined)[] => server.received.filter(({ name }) => name === 'a').map(element => attr(element, 'h'));

describe('what was written', () => {
  it('is asked about once per burst, and known to be there within a round trip', async () => {
    const made = await onlineSession();
    const fates = send(made, '1', '2', '3');
    await settle();
    expect(await fates).to.deep.equal(['1 acknowledged', '2 acknowledged', '3 acknowledged']);
    expect(made.server.received.filter(({ name }) => name === 'r').length).to.be.within(1, 3);
    await made.session.destroy();
  });

  it('is lost when the connection breaks before the server said that it has it, each once', async () => {
    const made = await onlineSession();
    made.server.silent = true;
    const fates = await send(made, '1', '2');
    await settle();
    made.server.push(`<a xmlns='${SM}' h='1'/>`);
    await settle();
    made.server.silent = false;
    made.server.drop();
    await made.environment.advance(2_000);
    await made.status('online');
    expect(fates).to.deep.equal(['1 acknowledged', '2 lost']);
    await made.session.destroy();
    expect(fates).to.have.length(2);
  });

  it('is lost, too, when the session is ended before it', async () => {
    const made = await onlineSession();
    made.server.silent = true;
    const fates = await send(made, '1');
    const ending = made.session.destroy();
    await made.environment.advance(2_000);
    await ending;
    expect(fates).to.deep.equal(['1 lost']);
  });

  it('was not, where there is no connection', async () => {
    const made = testSession();
    const fates: string[] = [];
    made.session.onFate((claim, fate) => Promise.resolve(void fates.push(`${claim} ${fate}`)));
    const refused = await made.session.send(message('1'), '1').then(() => undefined, (error: unknown) => error);
    expect((refused as ChatError).code).to.equal('not-connected');
    expect(fates).to.deep.equal([]);
    await made.session.destroy();
  });

  it('closes the stream when the server acknowledges more, and names both counts', async () => {
    const made = await onlineSession();
    made.server.silent = true;
    const fates = await send(made, '1', '2');
    await settle();
    made.server.push(`<a xmlns='${SM}' h='5'/>`);
    const error = await made.server.next('error');
    expect(elements(error)[0]?.name).to.equal('undefined-condition');
    const application = child(error, 'handled-count-too-high', SM);
    expect(application && [attr(application, 'h'), attr(application, 'send-count')]).to.deep.equal(['5', '2']);
    await made.environment.advance(2_000);
    expect(fates).to.deep.equal(['1 lost', '2 lost']);
    await made.session.destroy();
  });

  it('stays acknowledged when the server’s count goes backward, and the stream goes on', async () => {
    const made = await onlineSession();
    made.server.silent = true;
    const fates = await send(made, '1', '2');
    await settle();
    for (const h of ['1', '0', '4294967295', '2']) made.server.push(`<a xmlns='${SM}' h='${h}'/>`);
    await settle();
    expect(fates).to.deep.equal(['1 acknowledged', '2 acknowledged']);
    expect(made.session.online.peek()).to.equal(true);
    made.server.silent = false;
    await made.session.destroy();
  });

  for (const h of ['', 'x', '-1', '1.5', '4294967296', '99999999999']) {
    it(`an acknowledgement of “${h}” closes the stream`, async () => {
      const made = await onlineSession();
      made.server.push(`<a xmlns='${SM}' h='${h}'/>`);
      expect(elements(await made.server.next('error'))[0]?.name).to.equal('bad-format');
      await made.session.destroy();
    });
  }

  it('is settled by a ping where the server has no stream management', async () => {
    const made = await onlineSession({ sm: false });
    const fates = await send(made, '1', '2');
    await settle();
    expect(fates).to.deep.equal(['1 acknowledged', '2 acknowledged']);
    expect(made.server.received.filter(({ name }) => name === 'r' || name === 'enable')).to.deep.equal([]);
    const ping = made.server.sent.find(iq => child(iq, 'ping', 'urn:xmpp:ping'));
    expect(ping && attr(ping, 'to')).to.equal(undefined);
    await made.session.destroy();
  });

  it('is settled by a ping that is answered with an error, too', async () => {
    const made = await onlineSession({
      sm: false,
      intercept: (iq, server) => child(iq, 'ping', 'urn:xmpp:ping') !== undefined && (server.push(`<iq xmlns='jabber:client' type='error' id='${attr(iq, 'id')}'><error type='cancel'><remote-server-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>`), true),
    });
    const fates = await send(made, '1');
    await settle();
    expect(fates).to.deep.equal(['1 acknowledged']);
    await made.session.destroy();
  });

  it('is lost without stream management when the ping is not answered before the break', async () => {
    const made = await onlineSession({ sm: false });
    made.server.silent = true;
    const fates = await send(made, '1');
    made.server.drop();
    await settle();
    expect(fates).to.deep.equal(['1 lost']);
    await made.session.destroy();
  });

  it('is lost without stream management when a minute of pings is not answered, though other things come', async () => {
    const made = await onlineSession({ sm: false, intercept: iq => child(iq, 'ping', 'urn:xmpp:ping') !== undefined });
    const fates = await send(made, '1');
    for (let seconds = 0; seconds < 60; seconds += 10) {
      expect(fates).to.deep.equal([]);
      made.server.push(incoming(`${seconds} s`));
      await made.environment.advance(10_000);
    }
    expect(fates).to.deep.equal(['1 lost']);
    expect(made.log.some(({ text }) => text.includes('no answer to pings'))).to.equal(true);
    await made.session.destroy();
  });

  it('goes on without stream management when it is refused', async () => {
    const made = await onlineSession({ intercept: ({ name }, server) => name === 'enable' && (server.push(`<failed xmlns='${SM}'/>`), true) });
    const fates = await send(made, '1');
    await settle();
    expect(fates).to.deep.equal(['1 acknowledged']);
    await made.session.destroy();
  });
});

describe('what came', () => {
  /** A session whose messages are stored when the test says so, by their ids. */
  const storing = async () => {
    const made = await onlineSession();
    const pending = new Map<string, { done(): void; fail(error: unknown): void }>();
    made.registry.add(stanzaHandlers, { claim: { kind: 'message' }, handle: ({ stanza }) => new Promise((done, fail) => pending.set(attr(stanza, 'id') ?? '', { done, fail })) }, 'test');
    const store = async (id: string): Promise<void> => {
      pending.get(id)?.done();
      await settle();
    };
    const push = async (...ids: readonly string[]): Promise<void> => {
      for (const id of ids) made.server.push(incoming(id));
      await settle();
    };
    const ask = async (): Promise<void> => {
      made.server.push(`<r xmlns='${SM}'/>`);
      await settle();
    };
    return { ...made, made, pending, store, push, ask };
  };

  it('is acknowledged only when it is stored', async () => {
    const { made, push, ask, store } = await storing();
    await push('1', '2');
    await ask();
    expect(acknowledged(made)).to.deep.equal([]);
    await store('1');
    expect(acknowledged(made)).to.deep.equal([]);
    await store('2');
    expect(acknowledged(made)).to.deep.equal(['2']);
    await made.session.destroy();
  });

  it('is never acknowledged past a hole', async () => {
    const { made, push, ask, store, environment } = await storing();
    await push('1', '2', '3');
    await store('1');
    await store('3');
    await ask();
    await environment.advance(1_000);
    expect(acknowledged(made)).to.deep.equal(['1']);
    await store('2');
    expect(acknowledged(made)).to.deep.equal(['1', '3']);
    await made.session.destroy();
  });

  it('is never acknowledged when it could not be stored', async () => {
    const { made, push, ask, pending, environment } = await storing();
    await push('1');
    pending.get('1')?.fail(new ChatError('storage', 'full', 'user'));
    await settle();
    await ask();
    await environment.advance(1_000);
    expect(acknowledged(made)).to.deep.equal(['0']);
    expect(made.errors().length).to.be.greaterThan(0);
    await made.session.destroy();
  });

  it('counts when its handler threw for any other reason, as it would throw again', async () => {
    const { made, push, ask, pending } = await storing();
    await push('1');
    pending.get('1')?.fail(new Error('broken'));
    await settle();
    await ask();
    expect(acknowledged(made)).to.deep.equal(['1']);
    await made.session.destroy();
  });

  it('counts answers and what nobody wanted, but nothing that is no stanza', async () => {
    const made = await onlineSession();
    await made.session.request(xml('iq', { type: 'get' }, xml('ping', { xmlns: 'urn:xmpp:ping' })));
    made.server.push("<iq xmlns='jabber:client' type='result' id='nobody'/>");
    made.server.push("<presence xmlns='jabber:client' from='bo@example.org'/>");
    made.server.push("<other xmlns='urn:other'/>");
    made.server.push("<message xmlns='urn:other'/>");
    made.server.push(`<r xmlns='${SM}'/>`);
    await settle();
    expect(acknowledged(made)).to.deep.equal(['3']);
    await made.session.destroy();
  });

  it('is acknowledged before we close', async () => {
    const { made, push, store } = await storing();
    await push('1', '2');
    await store('1');
    await made.session.destroy();
    expect(acknowledged(made)).to.deep.equal(['1']);
    expect(made.server.received.slice(-2).map(({ name }) => name)).to.deep.equal(['a', 'close']);
  });
});

describe('counters', () => {
  const LINE = { environment: fakeEnvironment(), jid: 'ana@example.org/r', service: 'ws://localhost/', csi: false };

  /** A stream on its first connection, or taken up where it stood. */
  const management = (from: { readonly acknowledged: number; readonly received: number } = { acknowledged: 0, received: 0 }) => {
    const environment = fakeEnvironment();
    const written: string[] = [];
    const refused: string[] = [];
    const fates: string[] = [];
    const stream = createManagedStream({
      ...LINE,
      environment,
      log: createLog('test', () => undefined),
      storage: forgetfulStorage(),
      tell: claim => Promise.resolve(void fates.push(claim)),
      resumable: true,
      state: { ...LINE, kind: 'managed', id: 'x', savedAt: 0, queue: [], ...from },
    });
    const made = stream.connect({
      put: element => void written.push(typeof element === 'string' ? (/<(\w+)/.exec(element)?.[1] ?? '') : `${element.name} ${attr(element, 'h') ?? ''}`.trim()),
      refuse: condition => void refused.push(condition),
      abandon: () => undefined,
    });
    const hear = async (source: string): Promise<void> => {
      const element = parseXml(source);
      if (element) made.take(element);
      await settle();
    };
    return { ...made, environment, written, refused, fates, hear };
  };

  it('go around at 2^32 for what was written', async () => {
    const { send: hand, hear, refused, fates } = management({ acknowledged: 2 ** 32 - 1, received: 0 });
    await Promise.all(['1', '2', '3'].map(id => hand(message(id), id)));
    await hear(`<a xmlns='${SM}' h='0'/>`);
    expect(fates).to.deep.equal(['1']);
    await hear(`<a xmlns='${SM}' h='2'/>`);
    expect(fates).to.deep.equal(['1', '2', '3']);
    expect(refused).to.deep.equal([]);
    await hear(`<a xmlns='${SM}' h='3'/>`);
    expect(refused).to.deep.equal(['undefined-condition']);
  });

  it('go around at 2^32 for what came', async () => {
    const { received, hear, written } = management({ acknowledged: 0, received: 2 ** 32 - 1 });
    received(message('1'))?.();
    received(message('2'))?.();
    await hear(`<r xmlns='${SM}'/>`);
    expect(written).to.deep.equal(['a 1']);
  });

  it('are asked about again after a while when the server has no news', async () => {
    const { send: hand, hear, written, environment, end } = management();
    await hand(message('1'));
    await settle();
    await hear(`<a xmlns='${SM}' h='0'/>`);
    expect(written).to.deep.equal(['message', 'r']);
    await environment.advance(1_000);
    expect(written).to.deep.equal(['message', 'r', 'r']);
    end(false);
    expect(environment.left).to.equal(0);
  });
});

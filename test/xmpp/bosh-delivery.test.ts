import { expect } from '@open-wc/testing';
import { ChatError } from '../../src/base/errors.js';
import type { BoshState } from '../../src/xmpp/session-storage.js';
import { text, NS, xml } from '../../src/xmpp/xml.js';
import { trouble } from '../../src/xmpp/trouble.js';
import { boshStream, testStorage, type TestStream } from '../support/bosh-stream.js';
import { settle } from '../support/quiet.js';
import type { Posted } from '../support/bosh-manager.js';

const hello = (body: string): string => `<message xmlns='jabber:client' from='bo@example.org/x' type='chat'><body>${body}</body></message>`;
const online = async (): Promise<TestStream> => {
  const made = boshStream();
  await made.online();
  await made.environment.advance(1_000);
  return made;
};
/** The page goes without a word, and the next one finds what is stored. */
const nextPage = (made: TestStream, state: BoshState | undefined = made.storage.state): TestStream => {
  made.stream.drop(trouble('connection-lost', 'the page is gone'));
  return boshStream({}, { bosh: made.bosh, environment: made.environment, storage: testStorage(state) });
};
const bodies = (posted: Posted): readonly (string | undefined)[] => posted.payloads.filter(({ name }) => name === 'message').map(message => text(message, 'body', NS.client));
const claims = ({ storage }: TestStream): readonly string[] => storage.state?.pending.flatMap(request => request.claims) ?? [];
const sent = ({ bosh }: TestStream): readonly string[] => bosh.server.received.filter(({ name }) => name === 'message').map(message => text(message, 'body', NS.client) ?? '');
const code = (error: unknown): string => (error instanceof ChatError ? `${error.domain}/${error.code}` : String(error));

describe('what BOSH stores', () => {
  it('is each request before it is sent, with the claims in it', async () => {
    const made = await online();
    const stored: boolean[] = [];
    made.bosh.passage = posted => {
      stored.push(made.storage.state?.pending.some(({ rid, body }) => rid === posted.rid && body === posted.text) === true);
      return 'silence';
    };
    void made.say('a');
    await settle();
    expect(stored).to.deep.equal([true]);
    expect(claims(made)).to.deep.equal(['a']);
    expect(made.storage.state).to.include({ kind: 'bosh', jid: made.storage.state?.jid, sid: 'sid-1', wait: 50, inactivity: 60, polling: 5, requests: 2 });
  });

  it('holds back the next request until it is stored', async () => {
    const made = await online();
    let store: () => void = () => undefined;
    made.storage.before = () => new Promise(resolve => (store = resolve));
    const before = made.bosh.posted.length;
    let done = false;
    void made.say('a').then(() => (done = true));
    await settle();
    expect([made.bosh.posted.length, done]).to.deep.equal([before, false]);
    made.storage.before = () => undefined;
    store();
    await settle();
    expect([made.bosh.posted.length, done]).to.deep.equal([before + 1, true]);
  });

  it('does not send what may not be written, and tells who wanted it', async () => {
    const made = await online();
    made.storage.refused.add('b');
    const outcomes = await Promise.all(['a', 'b', 'c'].map(body => made.say(body).then(() => 'sent', code)));
    await settle();
    expect(outcomes).to.deep.equal(['sent', 'storage/claimed', 'sent']);
    expect(sent(made)).to.deep.equal(['a', 'c']);
  });

  it('is never less than what the server may forget: nothing is asked for while what came is not stored', async () => {
    const made = await online();
    made.hold(true);
    made.bosh.server.push(hello('a'));
    await settle();
    const before = made.bosh.posted.length;
    await made.environment.advance(30_000);
    expect(made.bosh.posted.length).to.equal(before);
    expect(made.storage.state?.pending.length).to.equal(1);
    made.hold(false);
    await made.environment.advance(25);
    expect(made.bosh.posted.length).to.equal(before + 1);
  });

  it('waits and tries again where the disk is full, and what was to be sent is given back', async () => {
    const made = await online();
    made.storage.trouble = new ChatError('storage', 'full', 'later');
    expect(await made.say('a').catch(code)).to.equal('storage/full');
    made.bosh.server.push(hello('b'));
    await settle();
    const before = made.bosh.posted.length;
    await made.environment.advance(10_000);
    expect(made.bosh.posted.length).to.equal(before);
    expect(made.got).to.deep.equal(['b']);
    made.storage.trouble = undefined;
    await made.environment.advance(2_000);
    expect(made.bosh.posted.length).to.equal(before + 1);
    expect(made.error).to.equal(undefined);
  });

  it('is left alone, and the server too, as soon as another tab has the session', async () => {
    const made = await online();
    made.storage.trouble = new ChatError('storage', 'fenced', 'no');
    const before = made.bosh.posted.length;
    expect(await made.say('a').catch(code)).to.equal('storage/fenced');
    await made.environment.advance(60_000);
    expect(made.bosh.posted.length).to.equal(before);
    expect(made.ended).to.equal(1);
    expect(made.bosh.open).to.equal(0);
    expect(code(made.error)).to.equal('storage/fenced');
  });

  it('is nothing after the end', async () => {
    const made = await online();
    await made.stream.close();
    await settle();
    expect(made.storage.state).to.equal(undefined);
  });
});

describe('fates over BOSH', () => {
  it('are known as soon as the server says something after it has the stanza, not when it answers the request', async () => {
    const made = await online();
    void made.say('a');
    await settle();
    expect(made.fates).to.deep.equal([['a', 'acknowledged']]);
  });

  it('are told once, and forgotten in what is stored next', async () => {
    const made = await online();
    for (const body of ['a', 'b', 'c']) {
      void made.say(body);
      await made.environment.advance(1_000);
    }
    expect(made.fates).to.deep.equal([['a', 'acknowledged'], ['b', 'acknowledged'], ['c', 'acknowledged']]);
    made.bosh.server.push(hello('x'));
    await settle();
    await made.environment.advance(25);
    expect(claims(made)).to.deep.equal([]);
  });

  it('are not told while the stream may go on', async () => {
    const made = await online();
    made.bosh.passage = () => 'lost before';
    void made.say('a');
    await settle();
    made.stream.drop(trouble('connection-lost'));
    await settle();
    expect(made.fates).to.deep.equal([]);
    expect(claims(made)).to.deep.equal(['a']);
  });

  it('are “lost” for what was sent and “unsent” for what was not when the server has forgotten the session', async () => {
    const made = await online();
    made.bosh.passage = posted => (bodies(posted).includes('a') ? 'lost before' : 'pass');
    void made.say('a');
    await settle();
    made.bosh.server.push(hello('x'));
    await settle();
    void made.say('b');
    await settle();
    made.bosh.passage = () => 'pass';
    made.bosh.forget();
    await made.environment.advance(10_000);
    expect(made.error?.code).to.equal('session-gone');
    expect(made.fates).to.deep.equal([['a', 'lost'], ['b', 'unsent']]);
    expect(made.storage.state).to.equal(undefined);
  });

  it('are “unsent” for what was stored, and never sent, when the session ends meanwhile', async () => {
    const made = await online();
    let store: () => void = () => undefined;
    made.storage.before = () => new Promise(resolve => (store = resolve));
    void made.say('a');
    await settle();
    made.bosh.forget();
    await settle();
    made.storage.before = () => undefined;
    store();
    await settle();
    expect(made.fates).to.deep.equal([['a', 'unsent']]);
    expect(made.storage.state).to.equal(undefined);
  });

  it('are told by whoever can still say it: nothing can be sent after the end', async () => {
    const made = await online();
    made.stream.drop();
    expect(await made.say('a').catch(code)).to.equal('network/not-connected');
    expect(await made.delivery?.send(xml('presence')).catch(code)).to.equal('network/not-connected');
  });
});

describe('a session over BOSH that another page goes on with', () => {
  it('is the same to the server, without a login', async () => {
    const before = await online();
    const after = nextPage(before);
    const going = after.goOn();
    await settle();
    await after.environment.advance(1_000);
    await going;
    expect(after.bosh.sessions).to.deep.equal(['sid-1']);
    void after.say('a');
    await after.environment.advance(1_000);
    expect(sent(after)).to.deep.equal(['a']);
    expect(after.fates).to.deep.equal([['a', 'acknowledged']]);
    after.bosh.server.push(hello('b'));
    await after.environment.advance(1_000);
    expect(after.got).to.deep.equal(['b']);
  });

  it('repeats what was not answered under the same ids, in the same words', async () => {
    const before = await online();
    before.bosh.passage = () => 'lost before';
    void before.say('a');
    await settle();
    const pending = before.storage.state?.pending ?? [];
    const after = nextPage(before);
    const count = after.bosh.posted.length;
    after.bosh.passage = () => 'pass';
    void after.goOn();
    await settle();
    await after.environment.advance(5_000);
    const repeated = after.bosh.posted.slice(count).map(({ rid, text: body }) => ({ rid, body }));
    for (const { rid, body } of pending) expect(repeated).to.deep.include({ rid, body });
    expect(sent(after)).to.deep.equal(['a']);
    expect(after.fates).to.deep.equal([['a', 'acknowledged']]);
  });

  it('gets again what the page before had not stored', async () => {
    const before = await online();
    before.hold(true);
    before.bosh.server.push(hello('a'));
    await settle();
    const after = nextPage(before);
    void after.goOn();
    await settle();
    await after.environment.advance(5_000);
    expect(after.got).to.deep.equal(['a']);
  });

  it('does not get again what was stored', async () => {
    const before = await online();
    before.bosh.server.push(hello('a'));
    await settle();
    await before.environment.advance(1_000);
    const after = nextPage(before);
    void after.goOn();
    await settle();
    await after.environment.advance(5_000);
    expect(after.got).to.deep.equal([]);
  });

  it('is told at the first good answer, before the first stanza is handed on', async () => {
    const before = await online();
    before.hold(true);
    before.bosh.server.push(hello('a'));
    await settle();
    const after = nextPage(before);
    let known: readonly string[] | undefined;
    const going = after.goOn().then(() => (known = [...after.got]));
    await after.environment.advance(5_000);
    await going;
    expect(known).to.deep.equal([]);
    expect(after.got).to.deep.equal(['a']);
  });

  it('is gone where the server has forgotten it: what was pending is lost, and nothing is stored', async () => {
    const before = await online();
    before.bosh.passage = () => 'lost before';
    void before.say('a');
    await settle();
    const after = nextPage(before);
    after.bosh.passage = () => 'pass';
    after.bosh.forget();
    const going = after.goOn().catch(code);
    await after.environment.advance(5_000);
    expect(await going).to.equal('stream/session-gone');
    expect(after.fates).to.deep.equal([['a', 'lost']]);
    expect(after.storage.state).to.equal(undefined);
    expect(after.environment.left).to.equal(0);
  });

  for (const status of [403, 404]) {
    it(`is gone for HTTP ${status}`, async () => {
      const before = await online();
      const after = nextPage(before);
      after.bosh.passage = () => new Response('', { status });
      expect(await after.goOn().catch(code)).to.equal('stream/session-gone');
    });
  }

  it('is not gone where only the network is missing', async () => {
    const before = await online();
    const { savedAt = 0, rid = 0 } = before.storage.state ?? {};
    const after = nextPage(before);
    await after.environment.advance(5_000);
    after.bosh.passage = () => 'lost before';
    const going = after.goOn().catch(code);
    await settle();
    await after.environment.advance(60_000);
    expect(await going).to.equal('network/connection-lost');
    // Nobody was reached meanwhile.
    expect(after.storage.state).to.include({ savedAt, rid: rid + 1 });
    const third = nextPage(after);
    third.bosh.passage = () => 'pass';
    void third.goOn();
    await settle();
    await third.environment.advance(5_000);
    void third.say('a');
    await settle();
    expect(third.storage.state?.savedAt).to.equal(third.environment.now());
    expect(third.error).to.equal(undefined);
    expect(third.bosh.sessions).to.deep.equal(['sid-1']);
  });
});

import { expect } from '@open-wc/testing';
import { attr, children, elements, is, NS, text, xml } from '../../src/xmpp/xml.js';
import { boshStream, URL_OF_TESTS, type TestStream } from '../support/bosh-stream.js';
import { settle } from '../support/quiet.js';
import type { Posted } from '../support/bosh-manager.js';
import type { Passage } from '../support/scripted-bosh.js';

const BOSH = 'http://jabber.org/protocol/httpbind';
const hello = (body: string, more = ''): string => `<message xmlns='jabber:client' from='bo@example.org/x' type='chat'><body>${body}</body>${more}</message>`;
const wrap = (payloads: string, attributes = ''): string => `<body xmlns='${BOSH}' xmlns:stream='${NS.streams}' ${attributes}>${payloads}</body>`;

/** A stream that is online; nothing more is to be sent by itself. */
const online = async (script: Parameters<typeof boshStream>[0] = {}): Promise<TestStream> => {
  const made = boshStream(script);
  await made.online();
  await made.environment.advance(1_000);
  return made;
};
const last = ({ bosh }: TestStream): Posted => bosh.posted.at(-1) ?? expect.fail('Nothing was sent.');
const bodies = (posted: Posted): readonly (string | undefined)[] => posted.payloads.filter(({ name }) => name === 'message').map(message => text(message, 'body', NS.client));

describe('a session over BOSH', () => {
  it('is made as XEP-0124 and XEP-0206 ask, and goes to nobody but its own address', async () => {
    const { stream, bosh } = boshStream();
    await stream.begin();
    const [{ url, init, body, rid } = expect.fail('Nothing was sent.')] = bosh.posted;
    expect(url).to.equal(URL_OF_TESTS);
    const { method, credentials, redirect, headers } = init;
    expect({ method, credentials, redirect, headers }).to.deep.equal({ method: 'POST', credentials: 'omit', redirect: 'error', headers: { 'Content-Type': 'text/plain; charset=utf-8' } });
    expect(is(body, 'body', BOSH)).to.equal(true);
    for (const [name, value] of Object.entries({ to: 'example.org', from: 'ana@example.org', hold: '1', wait: '50', ver: '1.11', 'xml:lang': 'en', 'xmpp:version': '1.0', sid: undefined })) expect(attr(body, name), name).to.equal(value);
    expect(Number.isSafeInteger(rid)).to.equal(true);
    expect(rid).to.be.greaterThan(0).and.lessThan(2 ** 52 + 2);
    stream.drop();
  });

  it('begins at an id that nobody can guess', async () => {
    const rids = new Set<number>();
    for (let count = 0; count < 5; count++) {
      const { stream, bosh } = boshStream();
      await stream.begin();
      rids.add(bosh.posted[0]?.rid ?? 0);
      stream.drop();
    }
    expect(rids.size).to.equal(5);
  });

  it('logs in, starts the stream anew and binds, with ids that rise by one', async () => {
    const { bosh, delivery } = await online();
    expect(delivery).not.to.equal(undefined);
    const restart = bosh.posted.find(({ body }) => attr(body, 'xmpp:restart') === 'true');
    expect(restart && attr(restart.body, 'to')).to.equal('example.org');
    expect(restart?.payloads).to.deep.equal([]);
    const first = bosh.posted[0]?.rid ?? 0;
    expect(bosh.posted.map(({ rid }) => rid - first)).to.deep.equal(bosh.posted.map((_, index) => index));
    expect(new Set(bosh.posted.slice(1).map(({ body }) => attr(body, 'sid')))).to.deep.equal(new Set(['sid-1']));
  });

  it('always leaves one request with the server, and never more than two', async () => {
    const made = await online();
    expect(made.bosh.open).to.equal(1);
    expect(last(made).payloads).to.deep.equal([]);
    let most = 0;
    made.bosh.passage = () => {
      most = Math.max(most, made.bosh.open + 1);
      return 'pass';
    };
    for (let count = 0; count < 10; count++) {
      void made.say(String(count));
      await settle();
    }
    await made.environment.advance(200);
    expect(most).to.equal(2);
    expect(made.bosh.open).to.equal(1);
  });

  it('puts all writes of one turn into one request, in order', async () => {
    const made = await online();
    const before = made.bosh.posted.length;
    for (const body of ['a', 'b', 'c']) void made.say(body);
    await settle();
    expect(made.bosh.posted.length).to.equal(before + 1);
    expect(bodies(last(made))).to.deep.equal(['a', 'b', 'c']);
  });

  it('does not put more into one request than servers take, and leaves nothing behind', async () => {
    const made = await online();
    const long = 'x'.repeat(8_000);
    for (let count = 0; count < 6; count++) void made.say(`${count}${long}`);
    await settle();
    await made.environment.advance(1_000);
    const sent = made.bosh.posted.filter(posted => bodies(posted).length > 0);
    expect(sent.flatMap(bodies).map(body => body?.[0])).to.deep.equal(['0', '1', '2', '3', '4', '5']);
    expect(Math.max(...sent.map(({ text: its }) => its.length))).to.be.lessThan(21_000);
  });

  it('waits with the next request while two are under way', async () => {
    const made = await online();
    made.bosh.passage = () => 'silence';
    void made.say('a');
    await settle();
    const before = made.bosh.posted.length;
    void made.say('b').catch(() => undefined);
    await settle();
    expect(made.bosh.posted.length).to.equal(before);
    made.stream.drop();
  });

  it('makes one request at a time where the server wants it so', async () => {
    const made = await online({ terms: { requests: '1' } });
    const before = made.bosh.posted.length;
    void made.say('a');
    await settle();
    expect(made.bosh.posted.length).to.equal(before);
    made.bosh.waited();
    await settle();
    expect(bodies(last(made))).to.deep.equal(['a']);
  });

  it('asks no faster than it may when the server has nothing to say and does not wait', async () => {
    const made = await online();
    made.bosh.waited();
    await settle();
    await made.environment.advance(4_000);
    const before = made.bosh.posted.length;
    made.bosh.waited();
    await settle();
    expect(made.bosh.posted.length).to.equal(before);
    await made.environment.advance(5_000);
    expect(made.bosh.posted.length).to.equal(before + 1);
  });

  for (const polling of [undefined, '0']) it(`does not hammer one that says ${polling ?? 'nothing'} of how often it may be asked, and holds nothing`, async () => {
    const made = await online({ terms: { polling } });
    const before = made.bosh.posted.length;
    made.bosh.passage = () => new Response(wrap(''));
    made.bosh.waited();
    await settle();
    await made.environment.advance(20_000);
    expect(made.bosh.posted.length - before).to.be.within(9, 12);
    made.stream.drop();
  });

  it('asks again at once when something came', async () => {
    const made = await online();
    const before = made.bosh.posted.length;
    made.bosh.server.push(hello('a'));
    await settle();
    await made.environment.advance(25);
    expect(made.got).to.deep.equal(['a']);
    expect(made.bosh.posted.length).to.equal(before + 1);
  });

  it('lets a request arrive before the next follows it', async () => {
    const made = await online();
    made.bosh.server.push(hello('a'));
    await settle();
    await made.environment.advance(25);
    const before = made.bosh.posted.length;
    void made.say('b');
    await settle();
    expect(made.bosh.posted.length).to.equal(before);
    await made.environment.advance(200);
    expect(bodies(last(made))).to.deep.equal(['b']);
  });

  it('answers what came without another request in between', async () => {
    const made = await online();
    const before = made.bosh.posted.length;
    made.bosh.server.push(hello('a'));
    await settle();
    void made.say('b');
    await settle();
    expect(made.bosh.posted.length).to.equal(before + 1);
    expect(bodies(last(made))).to.deep.equal(['b']);
  });

  it('makes the server speak up when it is asked whether it is there', async () => {
    const made = await online();
    made.delivery?.probe();
    await settle();
    expect(last(made).payloads.map(({ name }) => name)).to.deep.equal(['iq']);
    await made.environment.advance(25);
    expect(made.bosh.open).to.equal(1);
  });
});

describe('the end of a session over BOSH', () => {
  it('comes after the last words, and is awaited', async () => {
    const made = await online();
    made.stream.put(xml('presence', { type: 'unavailable' }));
    await made.stream.close();
    const posted = last(made);
    expect(attr(posted.body, 'type')).to.equal('terminate');
    expect(made.bosh.server.received.slice(-2).map(({ name }) => name)).to.deep.equal(['presence', 'close']);
    expect(made.bosh.posted.filter(({ body }) => attr(body, 'type') === 'terminate').length).to.equal(1);
    expect(made.ended).to.equal(1);
    expect(made.error).to.equal(undefined);
    expect(made.bosh.open).to.equal(0);
    await made.environment.advance(5_000);
    expect(made.environment.left).to.equal(0);
  });

  it('takes two seconds at most', async () => {
    const made = await online();
    made.bosh.passage = () => 'silence';
    const closing = made.stream.close();
    await settle();
    await made.environment.advance(2_000);
    await closing;
    expect(made.bosh.open).to.equal(0);
    expect(made.environment.left).to.equal(0);
  });

  it('is said by a request that outlives the page, and nothing is awaited', async () => {
    const made = await online();
    made.stream.leave();
    expect(last(made).init.keepalive).to.equal(true);
    expect(attr(last(made).body, 'type')).to.equal('terminate');
    expect(made.ended).to.equal(1);
    await settle();
    expect(made.bosh.open).to.equal(0);
  });

  it('is without a word when it is dropped: everything is aborted at once', async () => {
    const made = await online();
    const before = made.bosh.posted.length;
    made.stream.drop();
    await made.environment.advance(60_000);
    expect(made.bosh.posted.length).to.equal(before);
    expect(made.bosh.open).to.equal(0);
    expect(made.environment.left).to.equal(0);
    expect(() => made.stream.put(xml('presence'))).to.throw().with.property('code', 'not-connected');
  });

  it('can come while the session is being made', async () => {
    const made = boshStream({ passage: () => 'silence' });
    const opening = made.stream.begin().catch((error: unknown) => error);
    await settle();
    made.stream.drop();
    expect(await opening).to.have.property('code', 'disconnected');
    expect(made.bosh.open).to.equal(0);
  });

  const conditions: readonly (readonly [attributes: string, payload: string, code: string])[] = [
    ['', '', 'connection-lost'],
    ["condition='item-not-found'", '', 'session-gone'],
    ["condition='other-request'", '', 'session-gone'],
    ["condition='policy-violation'", '', 'policy-violation'],
    ["condition='host-unknown'", '', 'host-unknown'],
    ["condition='host-gone'", '', 'host-unknown'],
    ["condition='improper-addressing'", '', 'host-unknown'],
    ["condition='system-shutdown'", '', 'server-shutdown'],
    ["condition='remote-connection-failed'", '', 'unreachable'],
    ["condition='internal-server-error'", '', 'server-error'],
    ["condition='bad-request'", '', 'server-error'],
    ["condition='undefined-condition'", '', 'server-error'],
    ["condition='constructor'", '', 'server-error'],
    ["condition='see-other-uri'", '<uri>https://evil.example/</uri>', 'redirected'],
    ["condition='remote-stream-error'", '', 'connection-lost'],
    ["condition='remote-stream-error'", `<stream:error><conflict xmlns='${NS.streamErrors}'/></stream:error>`, 'conflict'],
  ];
  for (const [attributes, payload, code] of conditions) {
    it(`is ${code} for a server that says ${attributes || 'nothing'}${payload && ` ${payload.slice(0, 22)}`}`, async () => {
      const made = await online();
      const before = made.bosh.posted.length;
      made.bosh.answer(wrap(payload, `type='terminate' ${attributes}`));
      await settle();
      expect(made.error?.code).to.equal(code);
      expect(made.ended).to.equal(1);
      await made.environment.advance(60_000);
      expect(made.bosh.posted.length).to.equal(before);
      expect(made.bosh.open).to.equal(0);
    });
  }

  it('hands on what came with it first', async () => {
    const made = await online();
    made.bosh.answer(wrap(hello('last'), "type='terminate' condition='system-shutdown'"));
    await settle();
    expect(made.got).to.deep.equal(['last']);
    expect(made.error?.code).to.equal('server-shutdown');
  });

  for (const [status, code] of [[400, 'server-error'], [403, 'policy-violation'], [404, 'session-gone'], [413, 'policy-violation'], [405, 'server-error']] as const) {
    it(`is ${code} for HTTP ${status}`, async () => {
      const made = await online();
      made.bosh.passage = () => new Response('', { status });
      void made.say('a').catch(() => undefined);
      await settle();
      expect(made.error?.code).to.equal(code);
    });
  }
});

describe('a network that loses requests and answers', () => {
  const unmade: readonly (readonly [what: string, passage: Passage, code: string])[] = [
    ['nobody answers', 'lost before', 'certificate-or-unreachable'],
    ['a proxy has no server behind it', new Response('', { status: 502 }), 'unreachable'],
    ['there is nothing at that address', new Response('', { status: 404 }), 'unreachable'],
    ['a web page answers', new Response('<!doctype html><p>Log in to this network'), 'unreachable'],
    ['something else answers in XML', new Response('<feed/>'), 'unreachable'],
    ['the answer makes no session', new Response(wrap('')), 'bad-data'],
  ];
  for (const [what, passage, code] of unmade) {
    it(`fails to make a session at once where ${what}`, async () => {
      const made = boshStream({ passage: () => (passage instanceof Response ? passage.clone() : passage) });
      const error: unknown = await made.stream.begin().catch((thrown: unknown) => thrown);
      expect(error).to.have.property('code', code);
      expect(made.bosh.posted.length).to.equal(1);
      expect(made.environment.left).to.equal(0);
    });
  }

  const passing: readonly (readonly [what: string, passage: () => Passage])[] = [
    ['a request that did not arrive', () => 'lost before'],
    ['an answer that did not arrive', () => 'lost after'],
    ['502 of a proxy', () => new Response('<html><body>Bad Gateway</body></html>', { status: 502 })],
    ['504 of a proxy', () => new Response('', { status: 504 })],
    ['429 of a proxy', () => new Response('', { status: 429 })],
    ['an answer cut short', () => new Response(`<body xmlns='${BOSH}'><message xmlns='jabber:client'><bo`)],
    ['a web page in place of an answer', () => new Response('<!doctype html><p>Log in to this network')],
    ['an answer of another session', () => new Response(wrap(hello('evil'), "sid='other'"))],
    ['no UTF-8', () => new Response(new Uint8Array([0xff, 0xfe]))],
    ['an error that the server says will pass', () => new Response(wrap('', "type='error'"))],
  ];
  for (const [what, passage] of passing) {
    it(`repeats the same request after ${what}, and nothing is lost or doubled`, async () => {
      const made = await online();
      let spoilt: Posted | undefined;
      made.bosh.passage = posted => {
        if (spoilt || bodies(posted).length === 0) return 'pass';
        spoilt = posted;
        return passage();
      };
      void made.say('a');
      await settle();
      made.bosh.server.push(hello('b'));
      await made.environment.advance(10_000);
      const repeated = made.bosh.posted.filter(({ rid }) => rid === spoilt?.rid);
      expect(repeated.length).to.be.greaterThan(1);
      expect(new Set(repeated.map(({ text: its }) => its)).size).to.equal(1);
      expect(made.bosh.server.received.filter(({ name }) => name === 'message').length).to.equal(1);
      expect(made.got).to.deep.equal(['b']);
      expect(made.fates).to.deep.equal([['a', 'acknowledged']]);
      expect(made.error).to.equal(undefined);
    });
  }

  it('is waited for longer and longer, and ends the connection, not the session, when it does not come back', async () => {
    const made = await online();
    const times: number[] = [];
    made.bosh.passage = () => {
      times.push(made.environment.ticks());
      return 'lost before';
    };
    void made.say('a');
    await settle();
    await made.environment.advance(60_000);
    expect(made.error?.code).to.equal('connection-lost');
    expect(times.length).to.be.greaterThan(4).and.lessThan(25);
    expect(made.storage.state?.pending.flatMap(({ claims }) => claims)).to.deep.equal(['a']);
    expect(made.fates).to.deep.equal([]);
    expect(made.environment.left).to.equal(0);
  });

  it('is known by the time: a request without an answer is given up and repeated', async () => {
    const made = await online();
    const held = last(made);
    made.bosh.passage = () => 'silence';
    made.bosh.waited();
    await made.environment.advance(10_000);
    const silent = last(made);
    expect(silent.rid).to.equal(held.rid + 1);
    made.bosh.passage = () => 'pass';
    await made.environment.advance(65_000);
    expect(made.bosh.posted.filter(({ rid }) => rid === silent.rid).length).to.equal(2);
    expect(made.error).to.equal(undefined);
  });

  it('can bring answers in any order: they are handed on in that of the requests', async () => {
    const made = await online();
    const held = last(made);
    const late: (() => void)[] = [];
    made.bosh.delay = rid => (rid === held.rid ? new Promise(resolve => late.push(() => resolve())) : undefined);
    // What the request brings about answers the older one, which is slow on its way back; the newer one is answered by what comes next.
    void made.say('x');
    await settle();
    made.bosh.server.push(hello('2'));
    await settle();
    expect(late.length).to.equal(1);
    expect(made.fates).to.deep.equal([]);
    expect(made.got).to.deep.equal([]);
    late[0]?.();
    await settle();
    await made.environment.advance(25);
    expect(made.got).to.deep.equal(['2']);
    expect(made.fates).to.deep.equal([['x', 'acknowledged']]);
  });
});

describe('what a server may not do over BOSH', () => {
  it('is to send what cannot be read again and again', async () => {
    const made = await online();
    made.bosh.passage = () => new Response('<body');
    void made.say('a').catch(() => undefined);
    await settle();
    await made.environment.advance(60_000);
    expect(made.error?.code).to.equal('bad-data');
  });

  it('is to send more than anybody can read', async () => {
    const made = await online();
    made.bosh.passage = () => new Response(new Uint8Array(17 * 1024 * 1024));
    void made.say('a').catch(() => undefined);
    await settle();
    await made.environment.advance(60_000);
    expect(made.error?.code).to.equal('bad-data');
  });

  it('is to answer what was given up', async () => {
    const made = await online();
    const held = last(made);
    made.stream.drop();
    made.bosh.answer(wrap(hello('late')));
    await settle();
    expect(held.init.signal?.aborted).to.equal(true);
    expect(made.got).to.deep.equal([]);
  });

  it('is to deafen us by one stanza among others', async () => {
    const made = await online();
    const deep = `<message xmlns='jabber:client' from='bo@example.org/x'>${'<a>'.repeat(200)}${'</a>'.repeat(200)}</message>`;
    made.bosh.answer(wrap(`${hello('before')}${deep}${hello('after')}`));
    await settle();
    expect(made.got).to.deep.equal(['before', '<error>', 'after']);
    made.bosh.server.push(hello('good'));
    await made.environment.advance(25);
    expect(made.got.at(-1)).to.equal('good');
  });

  it('is to have us take an echo of our own for what others wrote', async () => {
    const made = await online();
    let mine: Posted | undefined;
    made.bosh.passage = posted => {
      if (bodies(posted).length === 0) return 'pass';
      mine ??= posted;
      return new Response(posted.text);
    };
    void made.say('mine');
    await settle();
    expect(mine).not.to.equal(undefined);
    expect(made.got).to.deep.equal([]);
    expect(made.error).to.equal(undefined);
    made.stream.drop();
  });
});

describe('stanzas in the wrapper', () => {
  it('mean the same with a namespace, without one, and in that of the wrapper', async () => {
    const made = await online();
    made.bosh.answer(wrap(`${hello('a')}<message from='bo@example.org/x'><body>b</body></message><message xmlns='' from='bo@example.org/x'><body>c</body></message>`));
    await settle();
    expect(made.got).to.deep.equal(['a', 'b', 'c']);
  });

  it('are of no use in a foreign one', async () => {
    const made = await online();
    made.bosh.answer(wrap("<message xmlns='urn:evil' from='bo@example.org/x'><body>evil</body></message>"));
    await settle();
    expect(made.got).to.deep.equal([]);
    expect(made.others.map(({ name }) => name)).to.deep.equal(['message']);
  });

  it('are sent in a namespace of their own', async () => {
    const made = await online();
    void made.say('a');
    await settle();
    const [message = expect.fail('Nothing was sent.')] = children(last(made).body, 'message', NS.client);
    expect(elements(message).map(({ name }) => name)).to.deep.equal(['body']);
  });
});

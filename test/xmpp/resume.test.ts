import { expect } from '@open-wc/testing';
import { ChatError } from '../../src/base/errors.js';
import { createLog } from '../../src/base/log.js';
import { Registry } from '../../src/base/slot.js';
import { forgetfulLogins } from '../../src/xmpp/auth/login-memory.js';
import { fixedEndpoints } from '../../src/xmpp/endpoint.js';
import { forgetfulStorage, type ManagedState, type SessionStorage } from '../../src/xmpp/session-storage.js';
import { createSession, type Session, type SessionOptions } from '../../src/xmpp/session.js';
import { stanzaHandlers } from '../../src/xmpp/slots.js';
import { attr, child, elements, serialize, xml, type XmlElement } from '../../src/xmpp/xml.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { settle } from '../support/quiet.js';
import { scriptedServer, type ScriptedServer } from '../support/scripted-server.js';
import { scriptedSm, type ScriptedSm, type SmOptions } from '../support/scripted-sm.js';
import { ANA, VISITOR } from '../support/test-session.js';
import { until } from '../support/until.js';

const SM = 'urn:xmpp:sm:3';
const message = (id: string): XmlElement => xml('message', { to: 'bo@example.org', id });

interface Place {
  readonly sm: ScriptedSm;
  readonly server: ScriptedServer;
  readonly storage: SessionStorage;
}
interface Page extends Place {
  readonly session: Session;
  readonly environment: ReturnType<typeof fakeEnvironment>;
  readonly fates: readonly string[];
  readonly events: readonly string[];
  /** Ids of messages that handlers were given. */
  readonly heard: readonly string[];
  readonly errors: readonly string[];
  /** A message is stored when this settles; by default at once. */
  storing: (id: string) => Promise<void>;
  online(): Promise<void>;
  send(...ids: readonly string[]): Promise<void>;
}

const place = (options: SmOptions = {}, mechanisms?: readonly string[]): Place => {
  const sm = scriptedSm(options);
  return { sm, server: scriptedServer({ accounts: { ana: 'secret' }, ...(mechanisms ? { mechanisms } : {}), ...sm.script }), storage: forgetfulStorage() };
};

/** A page that is open at a place, not connected yet. */
const page = (at: Place, options: Partial<SessionOptions> = {}, listens = true): Page => {
  const environment = fakeEnvironment();
  const registry = new Registry();
  const fates: string[] = [];
  const events: string[] = [];
  const heard: string[] = [];
  const errors: string[] = [];
  const session = createSession({
    endpoints: fixedEndpoints('ws://localhost:5280/xmpp'),
    memory: forgetfulLogins(),
    storage: at.storage,
    domain: 'example.org',
    credentials: ANA,
    environment,
    registry,
    log: createLog('session', ({ level, text }) => void (level === 'error' && errors.push(text))),
    WebSocket: at.server.WebSocket,
    ...options,
  });
  if (listens) session.onFate((claim, fate) => Promise.resolve(void fates.push(`${claim} ${fate}`)));
  session.on('online', ({ resumed }) => events.push(resumed ? 'resumed' : 'new'));
  session.on('offline', ({ error }) => events.push(`offline ${error?.code ?? ''}`.trim()));
  const made: Page = {
    ...at,
    session,
    environment,
    fates,
    events,
    heard,
    errors,
    storing: () => Promise.resolve(),
    online: async () => {
      session.connect();
      await until('the connection', async () => {
        await environment.advance(1_000);
        return session.online.peek();
      }, () => JSON.stringify([session.status.peek(), errors]), 6_000);
      await settle();
    },
    send: async (...ids) => {
      await Promise.all(ids.map(id => session.send(message(id), id)));
      await settle();
    },
  };
  registry.add(stanzaHandlers, {
    claim: { kind: 'message' },
    handle: ({ stanza }) => {
      heard.push(attr(stanza, 'id') ?? '');
      return made.storing(attr(stanza, 'id') ?? '');
    },
  }, 'test');
  return made;
};
const onlinePage = async (at: Place = place(), options: Partial<SessionOptions> = {}): Promise<Page> => {
  const made = page(at, options);
  await made.online();
  return made;
};
const push = async ({ server }: Place, ...ids: readonly string[]): Promise<void> => {
  for (const id of ids) server.push(`<message xmlns='jabber:client' from='bo@example.org/x' id='${id}'/>`);
  await settle();
};
const written = ({ server }: Place): readonly string[] => server.sent.filter(({ name }) => name === 'message').map(serialize);
const stored = async ({ storage }: Place): Promise<ManagedState | undefined> => (await storage.load()) as ManagedState | undefined;
/** A break that the server has not read up to. */
const breakOff = async ({ server, environment }: Page): Promise<void> => {
  server.drop();
  server.silent = false;
  await environment.advance(0);
};

describe('a stream that breaks', () => {
  it('goes on: same address, what the server does not have is written again, the same bytes in order, and every fate is told once', async () => {
    const made = await onlinePage();
    const { jid } = made.session;
    await made.send('1');
    made.server.silent = true;
    await made.send('2', '3');
    await breakOff(made);
    await made.online();
    expect(made.events).to.deep.equal(['new', 'offline connection-lost', 'resumed']);
    expect(made.session.jid).to.equal(jid);
    expect(made.sm.messages).to.deep.equal(['1', '2', '3']);
    const [, second, third, ...again] = written(made);
    expect(again).to.deep.equal([second, third]);
    expect(made.fates).to.deep.equal(['1 acknowledged', '2 acknowledged', '3 acknowledged']);
    await made.session.destroy();
  });

  it('is broken off when the server has not said for a minute how much it has, though it says other things, and tells that in going on', async () => {
    const made = await onlinePage(place({ answers: false }));
    await made.send('1');
    for (let seconds = 0; seconds < 60; seconds += 10) {
      expect(made.events).to.deep.equal(['new']);
      await push(made, `${seconds} s`);
      await made.environment.advance(10_000);
    }
    expect(made.events).to.deep.equal(['new', 'offline connection-lost']);
    await made.online();
    expect([made.events.at(-1), made.fates, made.sm.messages]).to.deep.equal(['resumed', ['1 acknowledged'], ['1']]);
    await made.session.destroy();
    expect(made.environment.left).to.equal(0);
  });

  it('does not write again what the server has', async () => {
    const made = await onlinePage(place({ answers: false }));
    await made.send('1', '2');
    expect(made.fates).to.deep.equal([]);
    await breakOff(made);
    await made.online();
    expect(made.sm.messages).to.deep.equal(['1', '2']);
    expect(written(made)).to.have.length(2);
    expect(made.fates).to.deep.equal(['1 acknowledged', '2 acknowledged']);
    await made.session.destroy();
  });

  it('goes on in the next page, whose outbox may listen late', async () => {
    const first = await onlinePage();
    first.server.silent = true;
    await first.send('1', '2');
    first.session.abandon();
    first.server.silent = false;
    const second = page(first, {}, false);
    await second.online();
    expect(second.events).to.deep.equal(['resumed']);
    expect(second.sm.messages).to.deep.equal(['1', '2']);
    expect(second.session.expects('1')).to.equal(true);
    const fates: string[] = [];
    second.session.onFate((claim, fate) => Promise.resolve(void fates.push(`${claim} ${fate}`)));
    await settle();
    expect(fates).to.deep.equal(['1 acknowledged', '2 acknowledged']);
    expect(second.session.expects('1')).to.equal(false);
    expect(second.server.received.filter(({ name }) => name === 'bind' || name === 'enable')).to.have.length(1);
    await second.session.destroy();
  });

  it('is let go of without a word when the page is put away, and goes on when it is back', async () => {
    const made = await onlinePage();
    made.environment.hide();
    await settle();
    expect(made.server.open).to.equal(0);
    expect(made.server.received.filter(({ name }) => name === 'close')).to.deep.equal([]);
    await push(made, 'meanwhile');
    made.environment.wake();
    await made.online();
    expect(made.events.at(-1)).to.equal('resumed');
    expect(made.heard).to.deep.equal(['meanwhile']);
    await made.session.destroy();
  });

  it('is over when it is closed politely: the next page begins anew, and what was not acknowledged is lost', async () => {
    const made = await onlinePage();
    made.server.silent = true;
    await made.send('1');
    made.server.silent = false;
    await made.session.disconnect();
    expect(made.fates).to.deep.equal(['1 lost']);
    expect(await stored(made)).to.equal(undefined);
    await made.session.destroy();
    const next = await onlinePage(made);
    expect(next.events).to.deep.equal(['new']);
    expect(next.fates).to.deep.equal([]);
    await next.session.destroy();
  });

  it('that the server does not know any more is replaced in the same attempt, and what it held is lost', async () => {
    const made = await onlinePage();
    made.server.silent = true;
    await made.send('1', '2');
    await breakOff(made);
    made.sm.forget();
    await made.online();
    expect(made.events.at(-1)).to.equal('new');
    expect(made.server.attempts).to.have.length(2);
    expect(made.fates).to.deep.equal(['1 lost', '2 lost']);
    expect(made.sm.messages).to.deep.equal([]);
    await made.send('3');
    expect(made.fates.at(-1)).to.equal('3 acknowledged');
    await made.session.destroy();
  });

  it('that the server does not know any more may still be acknowledged in part', async () => {
    const made = await onlinePage(place({ answers: false }));
    await made.send('1');
    made.server.silent = true;
    await made.send('2');
    await breakOff(made);
    made.sm.forget(true);
    await made.online();
    expect(made.fates).to.deep.equal(['1 acknowledged', '2 lost']);
    await made.session.destroy();
  });

  for (const [what, enabled] of [['that the server does not offer to resume', ''], ['without an id', "resume='true'"]] as const) {
    it(`${what} is made anew`, async () => {
      const at = place({ enabled });
      if (enabled) at.server.script = { ...at.server.script, intercept: (element, server) => element.name === 'enable' ? (server.push(`<enabled xmlns='${SM}' ${enabled}/>`), true) : at.sm.script.intercept?.(element, server) };
      const made = await onlinePage(at);
      expect(await stored(made)).to.equal(undefined);
      await breakOff(made);
      await made.online();
      expect(made.events.at(-1)).to.equal('new');
      expect(made.server.received.some(({ name }) => name === 'resume')).to.equal(false);
      await made.session.destroy();
    });
  }

  it('of a visitor is never to be resumed, as the address is another one each time', async () => {
    const made = await onlinePage(place({}, ['ANONYMOUS']), { credentials: VISITOR });
    const enable = made.server.received.find(({ name }) => name === 'enable');
    expect(enable && attr(enable, 'resume')).to.equal(undefined);
    expect(await stored(made)).to.equal(undefined);
    made.environment.hide();
    await settle();
    expect(made.server.received.at(-1)?.name).to.equal('close');
    await made.session.destroy();
  });
});

describe('a server that says what cannot be', () => {
  const resumedWith = async (attributes: string): Promise<Page> => {
    const made = await onlinePage(place({ answers: false }));
    await made.send('1', '2');
    await breakOff(made);
    const { intercept } = made.sm.script;
    made.server.script = { ...made.server.script, intercept: (element, server) => element.name === 'resume' ? (server.push(`<resumed xmlns='${SM}' ${attributes}/>`), true) : intercept?.(element, server) };
    made.session.reconnectNow();
    await made.environment.advance(1_000);
    return made;
  };

  it('in going on, about more than was written, is told so; the stream is given up, and what it held is lost', async () => {
    const made = await resumedWith("previd='stream 0' h='7'");
    const error = await made.server.next('error');
    const application = child(error, 'handled-count-too-high', SM);
    expect(application && [attr(application, 'h'), attr(application, 'send-count')]).to.deep.equal(['7', '2']);
    made.server.script = { ...made.server.script, intercept: made.sm.script.intercept ?? (() => false) };
    await made.online();
    expect(made.fates).to.deep.equal(['1 lost', '2 lost']);
    expect(made.events.at(-1)).to.equal('new');
    await made.session.destroy();
  });

  for (const attributes of ['', "h=''", "h='x'", "h='-1'", "h='4294967296'"]) {
    it(`in going on, with ${attributes || 'no count'}, is refused`, async () => {
      const made = await resumedWith(attributes);
      expect(elements(await made.server.next('error'))[0]?.name).to.equal('bad-format');
      await made.session.destroy();
    });
  }

  it('in going on, about less than it had acknowledged, is followed: nothing is taken back, and the rest is acknowledged by its count', async () => {
    const made = await onlinePage();
    await made.send('1', '2');
    made.server.silent = true;
    await made.send('3');
    await breakOff(made);
    if (made.sm.stream) made.sm.stream.handled = 0;
    await made.online();
    expect(made.fates).to.deep.equal(['1 acknowledged', '2 acknowledged', '3 acknowledged']);
    await made.send('4');
    expect(made.fates.at(-1)).to.equal('4 acknowledged');
    await made.session.destroy();
  });

  it('about a place elsewhere to resume at is not believed; about another port of its own it is', async () => {
    for (const [location, then] of [['evil.example:5280', 'ws://localhost:5280/xmpp'], ['localhost:5281', 'ws://localhost:5281/xmpp'], ['localhost@evil.example', 'ws://localhost:5280/xmpp'], ['localhost:5281/elsewhere', 'ws://localhost:5281/xmpp'], ['', 'ws://localhost:5280/xmpp']] as const) {
      const made = await onlinePage(place({ enabled: `resume='1' location='${location}'` }));
      await breakOff(made);
      await made.online();
      expect(made.server.attempts, location).to.deep.equal(['ws://localhost:5280/xmpp', then]);
      await made.session.destroy();
    }
  });
});

describe('what comes on a stream that goes on', () => {
  /** Messages that are stored when the test says so. */
  const slow = async () => {
    const made = await onlinePage();
    const pending = new Map<string, () => void>();
    made.storing = id => new Promise(resolve => pending.set(id, resolve));
    const store = async (...ids: readonly string[]): Promise<void> => {
      for (const id of ids) pending.get(id)?.();
      await settle();
    };
    return { made, store };
  };

  it('comes again if the server was not told, and is handled once', async () => {
    const { made, store } = await slow();
    await push(made, '1', '2', '3');
    await store('1', '3');
    await breakOff(made);
    await store('2');
    await made.online();
    expect(made.events.at(-1)).to.equal('resumed');
    expect(made.heard).to.deep.equal(['1', '2', '3']);
    made.storing = () => Promise.resolve();
    await push(made, '4');
    made.server.push(`<r xmlns='${SM}'/>`);
    await settle();
    expect(made.heard).to.deep.equal(['1', '2', '3', '4']);
    expect(made.sm.stream?.unacknowledged).to.deep.equal([]);
    await made.session.destroy();
  });

  it('and was not stored on the last page comes again on the next one', async () => {
    const { made, store } = await slow();
    await push(made, '1', '2', '3');
    await store('1', '3');
    await made.environment.advance(1_000);
    made.session.abandon();
    await settle();
    const next = await onlinePage(made);
    // What is beyond the hole was stored, and comes once more: the store knows it by its id.
    expect(next.heard).to.deep.equal(['2', '3']);
    expect(next.sm.told).to.deep.equal([1]);
    await next.session.destroy();
  });

  it('is noted as stored before the server is told', async () => {
    const saves: (number | undefined)[] = [];
    const at = place();
    const { save } = at.storage;
    const storage: SessionStorage = { ...at.storage, save: (build, claims) => save(build, claims).then(async refused => (saves.push((await stored(at))?.received), refused)) };
    const made = await onlinePage({ ...at, storage });
    await push(made, '1', '2');
    made.server.push(`<r xmlns='${SM}'/>`);
    await settle();
    expect(made.sm.told).to.deep.equal([2]);
    expect(saves.at(-1)).to.equal(2);
    await made.session.destroy();
  });

  it('is another stanza, if the server sends another one in its place', async () => {
    const { made } = await slow();
    await push(made, '1');
    await breakOff(made);
    if (made.sm.stream) made.sm.stream.unacknowledged = ["<message xmlns='jabber:client' from='bo@example.org/x' id='other'/>"];
    await made.online();
    expect(made.heard).to.deep.equal(['1', 'other']);
    await made.session.destroy();
  });

  it('that answers a question of before the break is ignored, as whoever asked was told of the break', async () => {
    const made = await onlinePage();
    made.server.silent = true;
    const answer = made.session.request(xml('iq', { type: 'get', to: 'example.org' }, xml('query', { xmlns: 'http://jabber.org/protocol/disco#info' }))).then(() => 'answered', (error: ChatError) => error.code);
    await settle();
    await breakOff(made);
    expect(await answer).to.equal('disconnected');
    await made.online();
    expect(made.errors).to.deep.equal([]);
    made.server.push(`<r xmlns='${SM}'/>`);
    await settle();
    expect(made.sm.stream?.unacknowledged).to.deep.equal([]);
    await made.session.destroy();
  });
});

describe('what is handed over', () => {
  /** Storage whose saves a test lets through, fails, or holds. */
  const gated = (at: Place) => {
    const { save } = at.storage;
    let gate: Promise<void> = Promise.resolve();
    const storage: SessionStorage = {
      ...at.storage,
      save: async (build, claims) => {
        await gate;
        return save(build, claims);
      },
    };
    return {
      at: { ...at, storage },
      hold: (): (() => void) => {
        let release: () => void = () => undefined;
        gate = new Promise(resolve => (release = resolve));
        return release;
      },
      fail: (code: string): void => {
        gate = Promise.reject(new ChatError('storage', code, code === 'fenced' ? 'no' : 'later'));
        gate.catch(() => undefined);
      },
      open: (): void => {
        gate = Promise.resolve();
      },
    };
  };

  it('in one turn shares a transaction, and keeps its order with what has no claim', async () => {
    const at = place();
    let saves = 0;
    const { save } = at.storage;
    const made = await onlinePage({ ...at, storage: { ...at.storage, save: (build, claims) => (saves++, save(build, claims)) } });
    saves = 0;
    await Promise.all([made.session.send(message('1'), '1'), made.session.send(xml('presence')), made.session.send(message('2'), '2')]);
    expect(saves).to.equal(1);
    await settle();
    expect(made.server.sent.slice(-3).map(({ name }) => name)).to.deep.equal(['message', 'presence', 'message']);
    await made.session.destroy();
  });

  it('is stored before it is written, and written by the next connection if this one breaks in between', async () => {
    const { at, hold } = gated(place());
    const made = await onlinePage(at);
    const release = hold();
    const sending = made.session.send(message('1'), '1');
    await settle();
    expect(made.sm.messages).to.deep.equal([]);
    await breakOff(made);
    release();
    await sending;
    expect((await stored(made))?.queue.map(({ claim }) => claim)).to.deep.equal(['1']);
    await made.online();
    expect(made.sm.messages).to.deep.equal(['1']);
    expect(made.fates).to.deep.equal(['1 acknowledged']);
    await made.session.destroy();
  });

  it('and was never written is unsent when its stream is gone', async () => {
    const { at, hold } = gated(place());
    const made = await onlinePage(at);
    const release = hold();
    const sending = made.session.send(message('1'), '1');
    await settle();
    await breakOff(made);
    made.sm.forget();
    release();
    await sending;
    await made.online();
    expect(made.fates).to.deep.equal(['1 unsent']);
    expect(written(made)).to.deep.equal([]);
    await made.session.destroy();
  });

  it('is refused, and nothing of it stored, where the connection broke before its turn', async () => {
    const { at, hold } = gated(place());
    const made = await onlinePage(at);
    const release = hold();
    const first = made.session.send(message('1'), '1');
    await settle();
    const second = made.session.send(message('2'), '2').then(() => 'sent', (error: ChatError) => error.code);
    await breakOff(made);
    release();
    await first;
    expect(await second).to.equal('not-connected');
    expect((await stored(made))?.queue.map(({ claim }) => claim)).to.deep.equal(['1']);
    await made.session.destroy();
  });

  it('twice under one claim is written once', async () => {
    const made = await onlinePage();
    await made.send('1');
    expect(await made.session.send(message('1'), '1').then(() => 'sent', (error: ChatError) => error.code)).to.equal('claimed');
    expect(made.sm.messages).to.deep.equal(['1']);
    await made.session.destroy();
  });

  it('and cannot be stored is not written; what has no claim goes on, and the server hears of nothing that is not noted', async () => {
    const { at, fail, open } = gated(place());
    const made = await onlinePage(at);
    fail('full');
    expect(await made.session.send(message('1'), '1').then(() => 'sent', (error: ChatError) => error.code)).to.equal('full');
    await made.session.send(xml('presence', { id: 'p' }));
    await push(made, 'in');
    made.server.push(`<r xmlns='${SM}'/>`);
    await settle();
    expect(made.sm.messages).to.deep.equal([]);
    expect(made.server.sent.at(-1)?.name).to.equal('presence');
    expect(made.sm.told).to.deep.equal([0]);
    open();
    await made.send('2');
    made.server.push(`<r xmlns='${SM}'/>`);
    await settle();
    expect(made.sm.messages).to.deep.equal(['2']);
    expect(made.sm.told.at(-1)).to.equal(1);
    await breakOff(made);
    await made.online();
    expect(made.events.at(-1)).to.equal('resumed');
    await made.session.destroy();
  });

  it('is not written by a tab from which another one has taken the session over, which lets go without a word', async () => {
    const { at, fail } = gated(place());
    const made = await onlinePage(at);
    fail('fenced');
    const before = made.server.received.length;
    expect(await made.session.send(message('1'), '1').then(() => 'sent', (error: ChatError) => error.code)).to.equal('fenced');
    await settle();
    expect(made.server.received.length).to.equal(before);
    expect(made.server.open).to.equal(0);
    expect(made.events.at(-1)).to.equal('offline fenced');
    expect(made.session.status.peek().name).to.equal('failed');
    await made.session.destroy();
  });
});

import { expect } from '@open-wc/testing';
import { fixedEndpoints } from '../../src/xmpp/endpoint.js';
import { forgetfulStorage } from '../../src/xmpp/session-storage.js';
import { attr, xml } from '../../src/xmpp/xml.js';
import { URL_OF_TESTS } from '../support/bosh-stream.js';
import { settle } from '../support/quiet.js';
import { scriptedBosh, type BoshScript, type Passage, type ScriptedBosh } from '../support/scripted-bosh.js';
import { testSession, VISITOR, type TestSession } from '../support/test-session.js';
import { until } from '../support/until.js';

const SOCKET = 'ws://localhost:5280/xmpp';

interface Page extends TestSession {
  readonly bosh: ScriptedBosh;
  /** What was told, in order. */
  readonly fates: readonly string[];
  /** The session that is stored. */
  kept(): Promise<string | undefined>;
  savedAt(): Promise<number | undefined>;
  /** Whether it is online within so many seconds. */
  isOnline(seconds: number): Promise<boolean>;
  /** How often the server got the message, by whatever way. */
  got(): number;
}

/** A page that finds what one before it has left: a session over BOSH, a message of which is on its way, and claimed; it comes so many milliseconds later. */
const nextPage = async (urls: readonly string[], passage: Passage, script: BoshScript = {}, later = 0): Promise<Page> => {
  const bosh = scriptedBosh({ mechanisms: ['ANONYMOUS'], ...script });
  const storage = forgetfulStorage();
  const parts = { storage, credentials: VISITOR, fetch: bosh.fetch };
  const first = testSession({}, { ...parts, endpoints: fixedEndpoints(URL_OF_TESTS) });
  first.session.connect();
  await until('the first page', async () => {
    await first.environment.advance(250);
    return first.session.online.peek();
  });
  await first.environment.advance(1_000);
  bosh.passage = () => 'silence';
  void first.session.send(xml('message', { to: 'bo@example.org' }), 'a');
  await settle();
  first.session.abandon();
  bosh.passage = () => passage;
  const made = testSession({ mechanisms: ['ANONYMOUS'] }, { ...parts, endpoints: fixedEndpoints(...urls) });
  made.environment.setClock(first.environment.now() - made.environment.now() + later);
  const fates: string[] = [];
  made.session.onFate((claim, fate) => Promise.resolve(void fates.push(`${claim} ${fate}`)));
  made.session.connect();
  const state = async (): ReturnType<typeof storage.load> => storage.load();
  return Object.assign(made, {
    bosh,
    fates,
    kept: async () => {
      const now = await state();
      return now?.kind === 'bosh' ? now.sid : undefined;
    },
    savedAt: async () => (await state())?.savedAt,
    isOnline: async (seconds: number) => {
      for (let left = seconds; left > 0 && !made.session.online.peek(); left--) await made.environment.advance(1_000);
      return made.session.online.peek();
    },
    got: () => [...bosh.server.received, ...made.server.received].filter(({ name }) => name === 'message').length,
  });
};

describe('a session over BOSH that cannot be reached', () => {
  for (const passage of ['silence', 'lost before'] as const) {
    for (const [what, terms] of [['', {}], [', of a server like ejabberd', { maxpause: '120', inactivity: '30' }], [', of a server that does not say how long it keeps it', { inactivity: undefined }]] as const) {
      it(`is given up for a WebSocket that works (${passage}${what}); nobody knows of what was on its way, and it is not sent again`, async function () {
        this.timeout(20_000);
        const made = await nextPage([SOCKET, URL_OF_TESTS], passage, { terms });
        expect(await made.isOnline(35)).to.equal(true);
        await made.environment.advance(10_000);
        expect(made.server.attempts).to.have.length(1);
        expect(made.fates).to.deep.equal(['a lost']);
        expect([await made.kept(), made.got()]).to.deep.equal([undefined, 0]);
        await made.session.destroy();
        expect(made.environment.left).to.equal(0);
      });
    }
  }

  it('is kept while nothing else can be reached either', async function () {
    this.timeout(20_000);
    const made = await nextPage([SOCKET, URL_OF_TESTS], 'lost before');
    made.server.reachability = 'refused';
    expect(await made.isOnline(40)).to.equal(false);
    made.bosh.passage = () => 'pass';
    expect(await made.isOnline(40)).to.equal(true);
    await made.environment.advance(2_000);
    expect(made.bosh.sessions).to.deep.equal(['sid-1']);
    expect([made.fates, made.got()]).to.deep.equal([['a acknowledged'], 1]);
    await made.session.destroy();
  });

  it('is kept where it would be the first to be tried', async function () {
    this.timeout(20_000);
    const made = await nextPage([URL_OF_TESTS, SOCKET], 'lost before');
    const before = await made.savedAt();
    expect(await made.isOnline(40)).to.equal(false);
    expect([await made.kept(), await made.savedAt(), made.server.attempts.length]).to.deep.equal(['sid-1', before, 0]);
    made.bosh.passage = () => 'pass';
    expect(await made.isOnline(40)).to.equal(true);
    await made.environment.advance(2_000);
    expect(made.bosh.sessions).to.deep.equal(['sid-1']);
    expect([made.fates, made.got()]).to.deep.equal([['a acknowledged'], 1]);
    await made.session.destroy();
  });

  for (const inactivity of ['60', undefined]) it(`is kept no longer than its server keeps it, which ${inactivity ? 'says how long that is' : 'says nothing of it'}`, async function () {
    this.timeout(30_000);
    const made = await nextPage([URL_OF_TESTS, SOCKET], 'lost before', { terms: { inactivity } });
    expect(await made.isOnline(300)).to.equal(true);
    expect(made.environment.ticks()).to.be.greaterThan(100_000);
    expect([made.fates, made.got(), await made.kept()]).to.deep.equal([['a lost'], 0, undefined]);
    await made.session.destroy();
  });
});

describe('a session over BOSH that was left alone for longer than its server keeps it', () => {
  it('is not asked for', async () => {
    const made = await nextPage([URL_OF_TESTS, SOCKET], 'pass', {}, 130_000);
    expect(await made.isOnline(5)).to.equal(true);
    await made.environment.advance(1_000);
    expect(made.bosh.sessions).to.deep.equal(['sid-1', 'sid-2']);
    expect([made.fates, await made.kept()]).to.deep.equal([['a lost'], 'sid-2']);
    await made.session.destroy();
  });
});

describe('a session over BOSH whose endpoint nobody names any more', () => {
  it('is not asked for; nobody knows of what was on its way', async () => {
    const made = await nextPage([SOCKET], 'lost before');
    const { length } = made.bosh.posted;
    expect(await made.isOnline(5)).to.equal(true);
    expect(made.bosh.posted.length).to.equal(length);
    expect([made.fates, made.got(), await made.kept()]).to.deep.equal([['a lost'], 0, undefined]);
    await made.session.destroy();
  });
});

describe('a session over BOSH that is gone on with', () => {
  it('is ended politely', async () => {
    const made = await nextPage([URL_OF_TESTS], 'lost before');
    made.bosh.passage = () => 'pass';
    expect(await made.isOnline(10)).to.equal(true);
    const ending = made.session.disconnect();
    await made.environment.advance(2_000);
    await ending;
    expect(made.bosh.posted.some(({ body }) => attr(body, 'type') === 'terminate')).to.equal(true);
    expect(await made.kept()).to.equal(undefined);
    await made.session.destroy();
  });
});

for (const ms of [30, 5_000]) describe(`a session over BOSH that its server has forgotten, where it takes ${ms} ms to store what became of a message`, () => {
  it('has each fate told once, is not asked for again, and leaves what is kept of the next one alone', async () => {
    const bosh = scriptedBosh({ mechanisms: ['ANONYMOUS'] });
    const storage = forgetfulStorage();
    const { session, environment } = testSession({}, { endpoints: fixedEndpoints(URL_OF_TESTS), storage, credentials: VISITOR, fetch: bosh.fetch });
    const kept = async (): Promise<string | undefined> => {
      const state = await storage.load();
      return state?.kind === 'bosh' ? state.sid : undefined;
    };
    const fates: string[] = [];
    session.onFate((claim, fate) => {
      fates.push(`${claim} ${fate}`);
      return new Promise(resolve => void environment.timer(ms, resolve));
    });
    session.connect();
    await until('the connection', async () => {
      await environment.advance(250);
      return session.online.peek();
    });
    await environment.advance(1_000);
    bosh.passage = ({ payloads }) => (payloads.some(({ name }) => name === 'message') ? 'silence' : 'pass');
    void session.send(xml('message', { to: 'bo@example.org' }), 'a');
    await settle();
    bosh.forget();
    await environment.advance(4_000);
    const gone = bosh.posted.length;
    bosh.passage = () => 'pass';
    await environment.advance(3_000);
    expect(session.online.peek()).to.equal(true);
    expect(bosh.posted.slice(gone).filter(({ body }) => attr(body, 'sid') === 'sid-1')).to.have.length(0);
    expect([fates, await kept()]).to.deep.equal([['a lost'], 'sid-2']);
    await environment.advance(10_000);
    expect([fates, await kept(), bosh.sessions]).to.deep.equal([['a lost'], 'sid-2', ['sid-1', 'sid-2']]);
    await session.destroy();
  });
});

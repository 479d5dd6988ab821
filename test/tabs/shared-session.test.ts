import { expect } from '@open-wc/testing';
import { ChatError } from '../../src/base/errors.js';
import { signal } from '../../src/base/signal.js';
import { whileOnline } from '../../src/tabs/while-online.js';
import { StanzaError } from '../../src/xmpp/stanza-error.js';
import { forgetfulStorage } from '../../src/xmpp/session-storage.js';
import { attr, xml } from '../../src/xmpp/xml.js';
import { fakeBrowser, type Browser, type FakeTab } from '../support/fake-tabs.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';

const anyLock = async (): Promise<boolean> => {
  const { held = [], pending = [] } = await navigator.locks.query();
  return [...held, ...pending].some(({ name }) => name?.startsWith('test '));
};

describe('tabs of one account', () => {
  let browser: Browser;
  beforeEach(() => {
    browser = fakeBrowser();
  });
  afterEach(() => browser.end());

  const role = (tab: FakeTab, wanted: string): Promise<unknown> => until(`a ${wanted}`, () => tab.session.role.peek() === wanted, () => `It is ${tab.session.role.peek()}: ${tab.log.map(({ text }) => text).join(' / ')}`, 6_000);
  const online = (tab: FakeTab): Promise<unknown> => until('the connection', () => tab.session.online.peek(), () => JSON.stringify(tab.session.status.peek()), 6_000);
  /** A tab that holds the session, and others that follow. */
  const tabs = async (many: number): Promise<[FakeTab, ...FakeTab[]]> => {
    const first = browser.tab();
    first.session.connect();
    await role(first, 'holder');
    const others = Array.from({ length: many - 1 }, () => browser.tab());
    for (const other of others) other.session.connect();
    await Promise.all(others.map(other => role(other, 'follower')));
    return [first, ...others];
  };

  it('have one session, and all show the same', async () => {
    const [holder, ...others] = await tabs(10);
    expect(browser.live).to.equal(1);
    for (const { session, made, told } of others) {
      expect([session.online.peek(), session.account, session.jid, session.carbons]).to.deep.equal([true, 'ana@example.org', holder.session.jid, true]);
      expect(made).to.deep.equal([]);
      expect(told).to.deep.equal([]);
    }
    const problem = { code: 'connection-lost' };
    holder.made[0]?.set({ name: 'waiting', at: 1, problem });
    await until('all of them to know', () => others.every(({ session }) => session.status.peek().name === 'waiting' && !session.online.peek()));
    expect(holder.told).to.deep.equal(['online', 'offline']);
  });

  it('go on in another one where one cannot load what it needs, which gives the lease up and follows', async () => {
    const broken = browser.tab({ makeLocal: () => Promise.reject(new ChatError('chunk', 'chunk-not-loaded', 'user')) });
    broken.session.connect();
    await until('the failure', () => broken.session.status.peek().name === 'failed');
    const other = browser.tab();
    other.session.connect();
    await role(other, 'holder');
    await role(broken, 'follower');
    await online(broken);
  });

  describe('one of which cannot hold the session', () => {
    const unable = { makeLocal: () => Promise.reject(new ChatError('chunk', 'chunk-not-loaded', 'user')) };
    /** A while in which all of them can be seen: longer than it takes to give a tab up. */
    const pass = async (minutes: number, ...all: readonly FakeTab[]): Promise<void> => {
      for (let times = 0; times < minutes * 24; times++) for (const tab of all) await tab.environment.advance(2_500);
    };

    for (const [why, more] of [
      ['and has the newer code', { build: 2 }],
      ['and has more plugins', { plugins: signal(['one', 'two']) }],
      ['and nothing else', {}],
    ] as const) {
      it(`(${why}) leave it where it is, for minutes`, async () => {
        const [holder] = await tabs(1);
        const broken = browser.tab({ ...unable, ...more });
        broken.session.connect();
        await role(broken, 'follower');
        await role(holder, 'holder');
        await pass(0.5, holder, broken);
        const before = holder.made.length;
        expect(before).to.be.lessThan(3);
        await pass(1.5, holder, broken);
        expect([holder.session.role.peek(), broken.session.role.peek(), holder.made.length, browser.live]).to.deep.equal(['holder', 'follower', before, 1]);
        await online(broken);
      });
    }

    it('leave it with one that cannot hear them', async () => {
      const deaf = browser.tab({ company: () => Promise.reject(new TypeError('Failed to fetch')) });
      deaf.session.connect();
      await role(deaf, 'holder');
      const broken = browser.tab(unable);
      broken.session.connect();
      await pass(1, broken);
      await role(deaf, 'holder');
      const before = deaf.made.length;
      expect(before).to.be.lessThan(3);
      await pass(2, broken);
      expect([deaf.session.role.peek(), deaf.made.length, browser.live]).to.deep.equal(['holder', before, 1]);
    });

    it('leave it with one that takes its time to make it', async () => {
      const broken = browser.tab(unable);
      broken.session.connect();
      await until('the failure', () => broken.session.status.peek().name === 'failed');
      let lent = 0;
      const slow = browser.tab({ hold: () => (lent++, new Promise(() => undefined)) });
      slow.session.connect();
      await until('its turn', () => lent === 1);
      await pass(2, broken);
      expect(lent).to.equal(1);
    });

    it('have it there all the same once it can, when whoever held it is gone or a person asks', async () => {
      for (const company of [true, false]) {
        const others = company ? await tabs(1) : [];
        let tried = 0;
        let works = false;
        const late = browser.tab({ build: 2, hold: () => (tried++, works ? Promise.resolve({ epoch: 100, storage: forgetfulStorage() }) : Promise.reject(new ChatError('storage', 'failed', 'user'))) });
        late.session.connect();
        if (company) await role(late, 'follower');
        await pass(1, late, ...others);
        if (!company) expect([late.session.status.peek().name, tried]).to.deep.equal(['failed', 1]);
        works = true;
        for (const other of others) await other.session.destroy();
        if (company) await pass(0.25, late);
        else late.session.reconnectNow();
        await role(late, 'holder');
        await online(late);
        await late.session.destroy();
      }
    });
  });

  it('tries again to load what one of many needs, and says so where it cannot', async () => {
    const holder = browser.tab();
    holder.session.connect();
    await role(holder, 'holder');
    let there = false;
    const late = browser.tab({ company: () => (there ? import('../../src/tabs/company.js') : Promise.reject(new TypeError('Failed to fetch'))) });
    late.session.connect();
    await until('the failure', async () => {
      await late.environment.advance(500);
      const status = late.session.status.peek();
      return status.name === 'failed' && status.problem.code === 'chunk-not-loaded';
    });
    there = true;
    late.session.reconnectNow();
    await role(late, 'follower');
    await online(late);
  });

  it('send and ask through the one that holds the session', async () => {
    const [holder, follower] = await tabs(2);
    const played = holder.made[0];
    await follower?.session.send(xml('presence', { id: 'p' }));
    expect(played?.done.at(-1)).to.contain("presence").and.to.contain('id="p"');
    if (played) played.answer = iq => (attr(iq, 'to') === 'nobody@example.org' ? Promise.reject(new StanzaError('item-not-found', 'cancel', 'No such thing')) : Promise.resolve(xml('iq', { type: 'result', id: 'r' }, xml('query', { xmlns: 'urn:x' }))));
    const result = await follower?.session.request(xml('iq', { type: 'get' }));
    expect(attr(result ?? xml('none'), 'id')).to.equal('r');
    const refused = await follower?.session.request(xml('iq', { type: 'get', to: 'nobody@example.org' })).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(StanzaError);
    expect(refused).to.include({ domain: 'stanza', code: 'item-not-found', type: 'cancel', text: 'No such thing' });
  });

  it('are told that nothing was sent while nobody holds it', async () => {
    const tab = browser.tab();
    const error = await tab.session.send(xml('presence')).catch((thrown: unknown) => thrown);
    expect(error).to.include({ code: 'not-connected' });
  });

  it('go on in another when the holder goes, and whoever waited for an answer is told', async () => {
    const [holder, next] = await tabs(2);
    const played = holder.made[0];
    if (played) played.answer = () => new Promise(() => undefined);
    const asked = next?.session.request(xml('iq', { type: 'get' })).catch((thrown: unknown) => thrown);
    await until('the question', () => played?.done.some(what => what.startsWith('request')));
    await holder.session.destroy();
    expect(await asked).to.include({ code: 'disconnected' });
    if (next) await role(next, 'holder');
    // Somebody waits for it, so its stream is left for them to go on with.
    expect(played?.done.at(-1)).to.equal('abandon');
    expect(next?.told).to.deep.equal(['resumed']);
    expect(holder.told).to.deep.equal(['online', 'offline']);
    expect(browser.live).to.equal(1);
  });

  it('close the stream politely with the last one', async () => {
    const [holder] = await tabs(1);
    await holder.session.destroy();
    expect(holder.made[0]?.done).to.deep.equal(['connect', 'destroy']);
    expect(holder.environment.left).to.equal(0);
  });

  it('replace a holder that does not answer for ten seconds, and it drops its socket without a word when it is back', async () => {
    const [holder, seen, hidden] = await tabs(3);
    if (!seen || !hidden) throw new Error('three');
    hidden.environment.visible.value = false;
    await settle();
    holder.freeze();
    await seen.environment.advance(10_000);
    await hidden.environment.advance(60_000);
    expect([seen.session.role.peek(), hidden.session.role.peek()]).to.deep.equal(['follower', 'follower']);
    await seen.environment.advance(2_500);
    await role(seen, 'holder');
    await online(seen);
    holder.thaw();
    await role(holder, 'follower');
    expect(holder.made[0]?.done).to.deep.equal(['connect', 'abandon']);
    expect(holder.told).to.deep.equal(['online', 'offline']);
    expect(browser.live).to.equal(1);
  });

  it('do not replace a holder that answers, however long they are open', async () => {
    const [holder, seen] = await tabs(2);
    for (let minute = 0; minute < 20; minute++) {
      await seen?.environment.advance(2_500);
      await until('the answer', () => true);
      await settle();
    }
    expect([holder.session.role.peek(), seen?.session.role.peek()]).to.deep.equal(['holder', 'follower']);
  });

  it('do not replace a holder because they themselves slept or were looked at often', async () => {
    const [holder, seen] = await tabs(2);
    await seen?.environment.sleep(3_600_000);
    for (let times = 0; times < 12; times++) seen?.environment.wake();
    for (const visible of [false, true, false, true, false, true]) if (seen) seen.environment.visible.value = visible;
    await settle();
    await seen?.environment.advance(2_500);
    expect([holder.session.role.peek(), seen?.session.role.peek()]).to.deep.equal(['holder', 'follower']);
  });

  it('are one that is seen to the server while any of them is, and drive its timers', async () => {
    const [holder, seen] = await tabs(2);
    if (!seen) throw new Error('two');
    const played = holder.made[0];
    holder.environment.visible.value = false;
    await seen.environment.advance(2_500);
    await until('the tick', () => played?.visible());
    seen.environment.visible.value = false;
    await until('nobody to look', () => played?.visible() === false);
  });

  it('wake the one that holds the session, as if it had woken itself', async () => {
    const [holder, other] = await tabs(2);
    other?.environment.wake();
    await until('the news', () => holder.made[0]?.done.includes('wake'));
    holder.environment.wake();
    expect(holder.made[0]?.done).to.deep.equal(['connect', 'wake', 'wake']);
  });

  it('keep what is alive over a takeover, and give it to who comes late', async () => {
    const [holder, next] = await tabs(2);
    holder.session.live.live('who', new Map<string, string>()).value = new Map([['bo', 'away']]);
    const late = browser.tab();
    late.session.connect();
    await role(late, 'follower');
    await until('both to know', () => [next, late].every(tab => tab?.session.live.live('who', new Map()).peek().size === 1));
    await holder.session.destroy();
    await until('a successor', () => [next, late].some(tab => tab?.session.role.peek() === 'holder'));
    const taken = next?.session.role.peek() === 'holder' ? next : late;
    expect(taken.session.live.live('who', new Map()).peek()).to.deep.equal(new Map([['bo', 'away']]));
  });

  it('give way to one with more plugins, and say plainly if they cannot', async () => {
    const [holder] = await tabs(1);
    const other = browser.tab({ plugins: signal(['two']) });
    other.session.connect();
    await role(other, 'follower');
    await until('a warning', () => other.log.some(({ level, text }) => level === 'warn' && text.includes('two')));
    const better = browser.tab({ plugins: signal(['one', 'two']) });
    better.session.connect();
    await role(better, 'holder');
    await role(holder, 'follower');
    await role(other, 'follower');
    expect(holder.made[0]?.done.at(-1)).to.equal('abandon');
    expect(browser.live).to.equal(1);
  });

  it('give way to a newer build, whatever it lacks, and never to an older one', async () => {
    const [holder] = await tabs(1);
    const newer = browser.tab({ build: 2, plugins: signal([]) });
    newer.session.connect();
    await role(newer, 'holder');
    await role(holder, 'follower');
    await settle();
    expect(newer.session.role.peek()).to.equal('holder');
  });

  it('stop when a tab speaks whose words they do not know', async () => {
    const [holder] = await tabs(1);
    const log = holder.log;
    const [name] = ((await navigator.locks.query()).held ?? []).map(lock => lock.name ?? '').filter(each => each.startsWith('test '));
    const channel = new BroadcastChannel(name ?? '');
    channel.postMessage({ stoa: 1_000, from: 'later', type: 'hi' });
    await until('the end', () => holder.session.status.peek().name === 'failed');
    channel.close();
    expect(holder.session.status.peek()).to.deep.include({ problem: { code: 'newer-tab', action: 'reload' } });
    expect(holder.made[0]?.done.at(-1)).to.equal('abandon');
    expect(log.some(({ level }) => level === 'warn')).to.equal(true);
    await until('no lock', async () => !(await anyLock()));
  });

  it('take no notice of what is none of their words, or lacks something', async () => {
    const [holder, follower] = await tabs(2);
    const [name] = ((await navigator.locks.query()).held ?? []).map(lock => lock.name ?? '').filter(each => each.startsWith('test '));
    const channel = new BroadcastChannel(name ?? '');
    const heard: unknown[] = [];
    channel.addEventListener('message', ({ data }: MessageEvent<{ readonly type: string; readonly id?: string }>) => data.id === 'last' && heard.push(data));
    const send = { stoa: 1, from: 'x', type: 'send', id: '1', xml: '<presence xmlns="jabber:client"/>' };
    const wrong: object[] = [{ type: 'constructor' }, { type: 'toString' }, { type: 'new word' }, { xml: undefined }, { xml: {} }, { id: null }, { type: 'live', change: null }, { type: 'touched' }, { type: 'state', state: 'up' }, { type: 'answer', id: 7 }];
    for (const what of wrong) channel.postMessage({ ...send, ...what });
    for (const xml of ['no xml', '<presence', '<a/>', '<presence xmlns="urn:other"/>']) channel.postMessage({ ...send, xml });
    // A tab that has lost the session and does not know yet.
    channel.postMessage({ ...send, type: 'state', state: { epoch: 0, status: { name: 'idle' }, online: false, proven: false, carbons: false, build: 1, plugins: [] } });
    channel.postMessage({ ...send, id: 'last' });
    await until('the answer', () => heard.length > 0);
    channel.close();
    expect(holder.made[0]?.done.filter(what => what.startsWith('send'))).to.have.length(1);
    expect([holder.session.role.peek(), follower?.session.role.peek()]).to.deep.equal(['holder', 'follower']);
    expect([holder.session.online.peek(), follower?.session.online.peek()]).to.deep.equal([true, true]);
    expect([holder, follower].flatMap(tab => tab?.log.filter(({ level }) => level === 'error'))).to.deep.equal([]);
  });

  it('sign out together', async () => {
    const [holder, ...others] = await tabs(3);
    let heard = 0;
    for (const { session } of [holder, ...others]) session.hear('logout', () => void heard++);
    await others[0]?.session.logOut();
    await until('the others to hear', () => heard === 2);
  });

  it('run what is for a connection in the one that holds it', async () => {
    const [holder, next] = await tabs(2);
    const ran: string[] = [];
    const note = (who: string) => (tab: FakeTab) => whileOnline(tab.session, (_session, { resumed }) => {
      ran.push(`${who} + ${resumed}`);
      return () => void ran.push(`${who} -`);
    }, error => { throw error; });
    note('holder')(holder);
    if (next) note('next')(next);
    expect(ran).to.deep.equal(['holder + false']);
    await holder.session.destroy();
    await until('the next', () => ran.length === 3);
    expect(ran).to.deep.equal(['holder + false', 'holder -', 'next + true']);
  });

  it('that are put away let another go on, and follow it when they come back', async () => {
    const [holder, next] = await tabs(2);
    holder.environment.hide();
    if (next) await role(next, 'holder');
    let missed = 0;
    holder.session.hear('missed', () => void missed++);
    holder.environment.wake();
    await role(holder, 'follower');
    expect(missed).to.equal(1);
    expect(browser.live).to.equal(1);
  });

  it('whose store is not the same any more go on alone', async () => {
    const [holder, follower] = await tabs(2);
    follower?.session.isolate();
    if (follower) await role(follower, 'holder');
    expect(browser.live).to.equal(2);
    holder.session.isolate();
    expect(holder.made[0]?.done).to.deep.equal(['connect']);
    await until('no lock', async () => !(await anyLock()));
  });

  it('stop and say so when the next login is somebody else’s, and keep nothing from the others', async () => {
    const tab = browser.tab({ address: 'ana@example.org' });
    tab.session.connect();
    await role(tab, 'holder');
    await online(tab);
    const played = tab.made[0];
    played?.set({ name: 'waiting', at: 1, problem: { code: 'connection-lost' } });
    if (played) played.account = 'bo@example.org';
    const reasons: (string | undefined)[] = [];
    tab.session.on('offline', ({ error }) => void reasons.push(error?.code));
    played?.set({ name: 'online' });
    expect(reasons[0]).to.equal('other-account');
    expect(tab.session.status.peek()).to.deep.equal({ name: 'failed', problem: { code: 'other-account', action: 'reload' } });
    expect(played?.done.at(-1)).to.equal('destroy');
    tab.environment.wake();
    expect(tab.session.status.peek().name).to.equal('failed');
    await until('no lock', async () => !(await anyLock()));
  });

  it('that are told by nobody they know that another holds the session soon have it again', async () => {
    const tab = browser.tab();
    tab.session.connect();
    await role(tab, 'holder');
    const name = (await navigator.locks.query()).held?.find(lock => lock.name?.startsWith('test '))?.name ?? '';
    const stranger = new BroadcastChannel(name);
    const say = (state: unknown): void => stranger.postMessage({ stoa: 1, from: 'nobody', type: 'state', state });
    for (const state of [{}, { epoch: 99 }, { epoch: 99, plugins: [] }, { epoch: 99, plugins: [], status: {} }, { epoch: Number.NaN, plugins: [], status: { name: 'online' } }]) say(state);
    say({ epoch: 99, status: { name: 'online' }, online: true, proven: true, carbons: true, build: 1, plugins: [] });
    await until('the second session', () => tab.made.length === 2);
    await role(tab, 'holder');
    await online(tab);
    stranger.close();
    expect([tab.made[0]?.done.at(-1), tab.made.length, browser.live]).to.deep.equal(['abandon', 2, 1]);
  });

  it('that follow take no notice of a holder that says half of what it should', async () => {
    const [, follower] = await tabs(2);
    const name = (await navigator.locks.query()).held?.find(lock => lock.name?.startsWith('test '))?.name ?? '';
    const stranger = new BroadcastChannel(name);
    for (const state of [{}, { epoch: 99 }, { epoch: 99, plugins: [] }, { epoch: 99, plugins: {}, status: { name: 'online' } }, { epoch: 'x', plugins: [], status: { name: 'online' } }]) stranger.postMessage({ stoa: 1, from: 'nobody', type: 'state', state });
    await settle();
    await settle();
    stranger.close();
    expect([follower?.session.status.peek(), follower?.session.role.peek(), follower?.session.account]).to.deep.equal([{ name: 'online' }, 'follower', 'ana@example.org']);
  });

  it('without locks have a session each', async () => {
    const alone = { tabs: {} };
    const [one, two] = [browser.tab(alone), browser.tab(alone)];
    for (const tab of [one, two]) tab.session.connect();
    await Promise.all([one, two].map(tab => role(tab, 'holder')));
    expect(browser.live).to.equal(2);
  });

  it('where the page may not lock anything, too', async () => {
    const locks = { request: () => Promise.reject(new DOMException('no', 'SecurityError')) } as unknown as LockManager;
    const tab = browser.tab({ tabs: { locks, BroadcastChannel } });
    tab.session.connect();
    await role(tab, 'holder');
    expect(tab.log.filter(({ level }) => level === 'warn')).to.have.length(1);
  });

  for (const [moment, at] of [
    ['before it was asked to connect', () => undefined],
    ['while it waits for its turn', (tab: FakeTab) => tab.session.connect()],
  ] as const) {
    it(`leaves no lock, channel or timer when it ends ${moment}`, async () => {
      const tab = browser.tab();
      at(tab);
      await tab.session.destroy();
      await settle();
      expect(tab.environment.left).to.equal(0);
      expect(browser.live).to.equal(0);
      await until('no lock', async () => !(await anyLock()));
    });
  }

  it('that follow leave nothing when they end', async () => {
    const [, follower] = await tabs(2);
    await follower?.session.destroy();
    expect(follower?.environment.left).to.equal(0);
    expect(browser.live).to.equal(1);
  });
});

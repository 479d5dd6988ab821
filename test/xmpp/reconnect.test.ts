import { expect } from '@open-wc/testing';
import { fixedEndpoints } from '../../src/xmpp/endpoint.js';
import { createReconnect } from '../../src/xmpp/reconnect.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { settle } from '../support/quiet.js';
import { ANA, onlineSession, testSession, VISITOR } from '../support/test-session.js';
import { until } from '../support/until.js';

/** Timers of the page itself that are longer than any test needs: the library's. */
const realTimers = (): { readonly left: number; stop(): void } => {
  const waiting = new Set<number>();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  globalThis.setTimeout = ((run: () => void, ms = 0) => {
    const id = Number(set(() => {
      waiting.delete(id);
      run();
    }, ms));
    if (ms >= 500) waiting.add(id);
    return id;
  }) as unknown as typeof setTimeout;
  globalThis.clearTimeout = ((id: number) => {
    waiting.delete(id);
    clear(id);
  }) as unknown as typeof clearTimeout;
  return {
    get left() {
      return waiting.size;
    },
    stop: () => Object.assign(globalThis, { setTimeout: set, clearTimeout: clear }),
  };
};

const streamError = (condition: string): string => `<stream:error xmlns:stream='http://etherx.jabber.org/streams'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`;

describe('waiting between attempts', () => {
  it('grows from 2 s to 2 minutes, half of it by chance, and starts again after a minute of calm', async () => {
    const environment = fakeEnvironment();
    let chance = 1;
    const reconnect = createReconnect(environment, () => undefined, () => chance);
    const wait = (): number => {
      const status = reconnect.plan({ code: 'x' });
      return status.name === 'waiting' ? status.at - environment.now() : NaN;
    };
    expect([wait(), wait(), wait(), wait(), wait(), wait(), wait(), wait()]).to.deep.equal([2_000, 4_000, 8_000, 16_000, 32_000, 64_000, 120_000, 120_000]);
    chance = 0;
    expect(wait()).to.equal(60_000);
    reconnect.settled();
    await environment.advance(59_000);
    expect(wait()).to.equal(60_000);
    reconnect.settled();
    await environment.advance(60_000);
    expect(wait()).to.equal(1_000);
  });
});

describe('a connection that the server has forgotten', () => {
  it('is made anew at once, and without counting, however long others were waited for; but only once in a while', async () => {
    const environment = fakeEnvironment();
    let attempts = 0;
    const reconnect = createReconnect(environment, () => attempts++, () => 1);
    const wait = (code: string): number => {
      const status = reconnect.plan({ code });
      return status.name === 'waiting' ? status.at - environment.now() : NaN;
    };
    expect([wait('unreachable'), wait('unreachable'), wait('unreachable')]).to.deep.equal([2_000, 4_000, 8_000]);
    expect(wait('session-gone')).to.equal(0);
    await environment.advance(0);
    expect(attempts).to.equal(1);
    expect(wait('session-gone')).to.equal(16_000);
    reconnect.settled();
    await environment.advance(60_000);
    expect(wait('session-gone')).to.equal(0);
  });

  it('is not made anew without a network', () => {
    const environment = fakeEnvironment();
    environment.online.value = false;
    expect(createReconnect(environment, () => undefined).plan({ code: 'session-gone' }).name).to.equal('offline');
  });
});

describe('an attempt that fails', () => {
  it('is the last one for an account that was never online, and says why', async () => {
    const made = testSession();
    const errors: (string | undefined)[] = [];
    made.session.on('offline', ({ error }) => errors.push(error?.code));
    made.server.reachability = 'refused';
    made.session.connect();
    const end = await made.status('failed');
    expect(end).to.deep.equal({ name: 'failed', problem: { code: 'unreachable', action: 'retry', params: { domain: 'example.org', service: 'ws://localhost:5280/xmpp', host: 'localhost:5280' } } });
    expect(errors).to.deep.equal(['unreachable']);
    await made.environment.advance(600_000);
    expect(made.server.attempts).to.have.length(1);
    made.server.reachability = 'open';
    made.session.reconnectNow();
    await made.status('online');
    await made.session.destroy();
  });

  it('names the certificate where it could be that', async () => {
    const made = testSession({}, { endpoints: fixedEndpoints('wss://example.org/ws') });
    made.server.reachability = 'refused';
    made.session.connect();
    await made.status('failed');
    expect(made.problem).to.equal('certificate-or-unreachable');
    await made.session.destroy();
  });

  it('is followed by others for a visitor, until the server is there', async () => {
    const made = testSession({ mechanisms: ['ANONYMOUS'] }, { credentials: VISITOR });
    made.server.reachability = 'refused';
    made.session.connect();
    await made.status('waiting');
    for (let minute = 0; minute < 30; minute++) await made.environment.advance(60_000);
    const tried = made.server.attempts.length;
    expect(tried).to.be.within(18, 36);
    made.server.reachability = 'open';
    await made.environment.advance(120_000);
    await made.status('online');
    await made.session.destroy();
  });

  it('is given up after 15 s when nobody answers at all', async () => {
    for (const reachability of ['hanging', 'open'] as const) {
      const made = testSession();
      made.server.reachability = reachability;
      made.server.silent = true;
      made.session.connect();
      await settle();
      await made.environment.advance(14_999);
      expect(made.session.status.peek().name).to.equal('connecting');
      await made.environment.advance(1);
      expect(made.problem).to.equal('time-out');
      await made.environment.advance(2_000);
      expect(made.server.open).to.equal(0);
      await made.session.destroy();
    }
  });

  it('is over at once when the socket is closed while the stream opens, and no timer of the library stays', async () => {
    const timers = realTimers();
    const made = testSession();
    made.server.silent = true;
    made.session.connect();
    await made.server.next('open');
    await settle();
    expect(timers.left).to.equal(1);
    made.server.drop(true);
    await settle();
    timers.stop();
    expect(made.problem).to.equal('connection-lost');
    expect(timers.left).to.equal(0);
    await made.session.destroy();
  });

  it('is given up after 30 s when what it needs first never comes, and made again', async () => {
    let asked = 0;
    const found = fixedEndpoints('ws://localhost:5280/xmpp');
    const made = testSession({}, { endpoints: { ...found, find: signal => (asked++ === 0 ? new Promise(() => undefined) : found.find(signal)) } });
    made.session.connect();
    await settle();
    await made.environment.advance(29_999);
    expect(made.session.status.peek().name).to.equal('connecting');
    await made.environment.advance(1);
    expect(made.problem).to.equal('time-out');
    made.session.reconnectNow();
    await made.status('online');
    await made.session.destroy();
  });

  it('is given up after 30 s when it does not get to its end', async () => {
    const made = testSession({ intercept: ({ name }) => name === 'auth' });
    made.session.connect();
    await made.server.next('auth');
    await made.environment.advance(30_000);
    expect(made.problem).to.equal('time-out');
    await made.session.destroy();
  });
});

describe('a connection that breaks', () => {
  it('is made again, for ever', async () => {
    const made = await onlineSession();
    made.server.drop();
    await made.status('waiting');
    expect(made.problem).to.equal('connection-lost');
    expect(made.session.jid).to.equal(undefined);
    expect(made.session.account).to.equal('ana@example.org');
    made.server.reachability = 'refused';
    for (let minute = 0; minute < 20; minute++) await made.environment.advance(60_000);
    expect(made.session.status.peek().name).to.equal('waiting');
    made.server.reachability = 'open';
    await made.environment.advance(120_000);
    await made.status('online');
    await made.session.destroy();
  });

  it('is made again at once when asked', async () => {
    const made = await onlineSession();
    made.server.drop();
    await made.status('waiting');
    made.session.reconnectNow();
    await made.status('online');
    await made.session.destroy();
  });

  it('is not made again when somebody else took the address over', async () => {
    const made = await onlineSession();
    made.server.push(streamError('conflict'));
    await made.status('failed');
    expect(made.problem).to.equal('conflict');
    made.environment.wake();
    await made.environment.advance(600_000);
    expect(made.server.attempts).to.have.length(1);
    await made.session.destroy();
  });

  it('is tried once more when a good password is refused, and not again when it still is', async () => {
    const made = await onlineSession();
    made.server.script = { ...made.server.script, accounts: { ana: 'changed' } };
    made.server.drop();
    await made.environment.advance(2_000);
    await made.status('waiting');
    expect(made.problem).to.equal('secret-stale');
    await made.environment.advance(4_000);
    await made.status('failed');
    expect(made.problem).to.equal('secret-stale');
    await made.environment.advance(600_000);
    expect(made.server.attempts).to.have.length(3);
    await made.session.destroy();
  });

  it('is tried once more soon when a good password is refused, however long the server was away', async () => {
    const made = await onlineSession();
    made.server.script = { ...made.server.script, accounts: { ana: 'changed' } };
    made.server.reachability = 'refused';
    made.server.drop();
    await made.environment.advance(1_200_000);
    made.server.reachability = 'open';
    await until('the refusal', async () => {
      await made.environment.advance(1_000);
      return made.problem === 'secret-stale';
    });
    const tried = made.server.attempts.length;
    await made.environment.advance(2_000);
    await made.status('failed');
    expect(made.server.attempts).to.have.length(tried + 1);
    await made.session.destroy();
  });

  it('comes back when a good password was refused in passing, and once more after a minute of calm', async () => {
    const made = await onlineSession();
    for (let round = 0; round < 2; round++) {
      made.server.script = { ...made.server.script, accounts: { ana: 'changed' } };
      made.server.drop();
      await made.environment.advance(2_000);
      await made.status('waiting');
      made.server.script = { ...made.server.script, accounts: { ana: 'secret' } };
      await made.environment.advance(4_000);
      await made.status('online');
      await made.environment.advance(61_000);
    }
    await made.session.destroy();
  });

  for (const [condition, code] of [['system-shutdown', 'server-shutdown'], ['policy-violation', 'policy-violation'], ['host-unknown', 'host-unknown'], ['internal-server-error', 'server-error']] as const) {
    it(`is made again after ${condition}`, async () => {
      const made = await onlineSession();
      made.server.push(streamError(condition));
      await made.status('waiting');
      expect(made.problem).to.equal(code);
      await made.environment.advance(16_000);
      await made.status('online');
      await made.session.destroy();
    });
  }

  it('waits for the network, with one look a minute', async () => {
    const made = await onlineSession();
    made.environment.online.value = false;
    made.server.reachability = 'refused';
    made.server.drop();
    await made.status('offline');
    for (let minute = 0; minute < 5; minute++) await made.environment.advance(60_000);
    expect(made.server.attempts).to.have.length(6);
    made.server.reachability = 'open';
    await made.environment.advance(2_000);
    made.environment.online.value = true;
    await made.status('online');
    await made.session.destroy();
  });

  it('stops counting down when the network goes, too', async () => {
    const made = await onlineSession();
    made.server.drop();
    await made.status('waiting');
    made.environment.online.value = false;
    expect(made.session.status.peek().name).to.equal('offline');
    await made.environment.advance(59_000);
    expect(made.server.attempts).to.have.length(1);
    await made.session.destroy();
  });

  it('is tried again when the page wakes up, but not twice in 2 s', async () => {
    const made = await onlineSession();
    made.server.reachability = 'refused';
    made.server.drop();
    const waiting = await made.status('waiting');
    await made.environment.advance('at' in waiting ? waiting.at - made.environment.now() : NaN);
    const tried = made.server.attempts.length;
    expect(tried).to.equal(2);
    made.environment.wake();
    made.environment.wake();
    await settle();
    expect(made.server.attempts.length).to.equal(tried);
    // But soon, as the wait is the shortest again.
    made.server.reachability = 'open';
    await made.environment.advance(2_000);
    await made.status('online');
    await made.session.destroy();
  });

  it('waits longer each time a server lets it in and throws it out, until there was a minute of calm', async () => {
    const made = await onlineSession();
    const waits: number[] = [];
    for (let round = 0; round < 5; round++) {
      made.server.drop();
      const waiting = await made.status('waiting');
      const wait = 'at' in waiting ? waiting.at - made.environment.now() : NaN;
      waits.push(wait);
      await made.environment.advance(wait);
      await made.status('online');
    }
    for (const [round, wait] of waits.entries()) expect(wait).to.be.within(1_000 * 2 ** round, 2_000 * 2 ** round);
    await made.environment.advance(60_000);
    made.server.drop();
    const waiting = await made.status('waiting');
    expect('at' in waiting && waiting.at - made.environment.now()).to.be.within(1_000, 2_000);
    await made.session.destroy();
  });

  it('is left to a person after a rule of the server ended it three times without a minute of calm', async () => {
    const made = await onlineSession();
    for (let round = 0; round < 2; round++) {
      made.server.push(streamError('policy-violation'));
      await made.status('waiting');
      await made.environment.advance(32_000);
      await made.status('online');
    }
    made.server.push(streamError('policy-violation'));
    await made.status('failed');
    expect(made.problem).to.equal('policy-violation');
    made.environment.wake();
    made.environment.online.value = false;
    made.environment.online.value = true;
    await made.environment.advance(600_000);
    expect(made.server.attempts).to.have.length(3);
    made.session.reconnectNow();
    await made.status('online');
    made.server.push(streamError('policy-violation'));
    await made.status('waiting');
    await made.session.destroy();
  });

  it('is made again at different times by those who heard of a shutdown together, from the first attempt on', () => {
    const environment = fakeEnvironment();
    const plan = (chance: number): number => {
      const status = createReconnect(environment, () => undefined, () => chance).plan({ code: 'server-shutdown' });
      return status.name === 'waiting' ? status.at - environment.now() : NaN;
    };
    expect([plan(0), plan(0.5), plan(1)]).to.deep.equal([2_000, 9_000, 16_000]);
  });
});

describe('a page that goes away', () => {
  it('says goodbye without waiting, and comes back when the page does', async () => {
    const made = await onlineSession();
    made.environment.hide();
    expect(made.session.online.peek()).to.equal(false);
    await made.server.next('close');
    await settle();
    expect(made.server.open).to.equal(0);
    await made.environment.advance(600_000);
    expect(made.server.attempts).to.have.length(1);
    made.environment.wake();
    await made.status('online');
    await made.session.destroy();
  });

  it('stays signed out if it was', async () => {
    const made = await onlineSession();
    await made.session.disconnect();
    made.environment.hide();
    made.environment.wake();
    await settle();
    expect(made.server.attempts).to.have.length(1);
    await made.session.destroy();
  });
});

describe('the end', () => {
  it('is polite', async () => {
    const made = await onlineSession();
    const offline: unknown[] = [];
    made.session.on('offline', detail => offline.push(detail));
    await made.session.disconnect();
    expect(made.session.status.peek()).to.deep.equal({ name: 'idle' });
    expect(made.server.received.at(-1)?.name).to.equal('close');
    expect(offline).to.deep.equal([{}]);
    expect(made.server.open).to.equal(0);
    made.session.connect();
    await made.status('online');
    await made.session.destroy();
  });

  it('takes no more than 2 s when the server says nothing', async () => {
    const timers = realTimers();
    const made = await onlineSession();
    made.server.silent = true;
    let ended = false;
    void made.session.destroy().then(() => (ended = true));
    await settle();
    expect(timers.left).to.equal(1);
    await made.environment.advance(2_000);
    timers.stop();
    expect(timers.left).to.equal(0);
    expect(ended).to.equal(true);
    expect(made.server.open).to.equal(0);
    expect(made.environment.left).to.equal(0);
  });

  const moments: readonly (readonly [string, (made: ReturnType<typeof testSession>) => Promise<unknown>])[] = [
    ['before anything', () => Promise.resolve()],
    ['while the socket opens', async made => { made.server.reachability = 'hanging'; made.session.connect(); await settle(); }],
    ['while the stream opens', async made => { made.server.silent = true; made.session.connect(); await made.server.next('open'); }],
    ['in the middle of the login', async made => { made.session.connect(); await made.server.next('response'); }],
    ['while binding', async made => { made.session.connect(); await made.server.next('iq'); }],
    ['while enabling', async made => { made.session.connect(); await made.server.next('enable'); }],
    ['while online', async made => { made.session.connect(); await made.status('online'); }],
    ['while waiting', async made => { made.session.connect(); await made.status('online'); made.server.drop(); await made.status('waiting'); }],
    ['after a failure', async made => { made.server.reachability = 'refused'; made.session.connect(); await made.status('failed'); }],
  ];
  for (const [moment, reach] of moments) {
    it(`leaves nothing behind ${moment}`, async () => {
      const timers = realTimers();
      const made = testSession();
      await reach(made);
      const ending = made.session.destroy();
      // No clock strikes before what was begun in this turn is written.
      await settle();
      await made.environment.advance(2_000);
      await ending;
      timers.stop();
      expect(timers.left).to.equal(0);
      expect(made.server.open).to.equal(0);
      expect(made.environment.left).to.equal(0);
      expect(made.session.status.peek().name).to.equal('idle');
      const tried = made.server.attempts.length;
      made.session.connect();
      made.session.reconnectNow();
      await made.environment.advance(600_000);
      expect(made.server.attempts.length).to.equal(tried);
      expect(made.errors()).to.deep.equal([]);
    });
  }

  it('comes once for two who ask', async () => {
    const made = await onlineSession({}, { credentials: ANA });
    await Promise.all([made.session.disconnect(), made.session.destroy(), made.session.destroy()]);
    expect(made.server.received.filter(({ name }) => name === 'close')).to.have.length(1);
  });
});

import { expect } from '@open-wc/testing';
import { child, xml } from '../../src/xmpp/xml.js';
import { createAlive } from '../../src/xmpp/alive.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { settle } from '../support/quiet.js';
import { onlineSession } from '../support/test-session.js';

describe('a connection on which nothing is heard', () => {
  it('is asked after 30 s, and lives if anything answers', async () => {
    const made = await onlineSession();
    const asked = (): number => made.server.received.filter(({ name }) => name === 'r').length;
    const before = asked();
    await made.environment.advance(29_000);
    expect(asked()).to.equal(before);
    await made.environment.advance(1_000);
    expect(asked()).to.equal(before + 1);
    await made.environment.advance(60_000);
    expect(made.session.online.peek()).to.equal(true);
    await made.session.destroy();
  });

  it('is asked by a ping where there is no stream management', async () => {
    const made = await onlineSession({ sm: false });
    await made.environment.advance(30_000);
    expect(made.server.sent.filter(iq => child(iq, 'ping', 'urn:xmpp:ping'))).to.have.length(1);
    await made.environment.advance(20_000);
    expect(made.session.online.peek()).to.equal(true);
    await made.session.destroy();
  });

  it('is dead 10 s later when nothing answers', async () => {
    const made = await onlineSession();
    made.server.silent = true;
    await made.environment.advance(39_999);
    expect(made.session.online.peek()).to.equal(true);
    await made.environment.advance(1);
    expect(made.session.status.peek().name).to.equal('waiting');
    expect(made.problem).to.equal('connection-lost');
    expect(made.server.open).to.equal(0);
    await made.session.destroy();
  });

  it('is asked 10 s after something went out, and is dead 10 s later', async () => {
    const made = await onlineSession();
    await made.environment.advance(5_000);
    made.server.silent = true;
    await made.session.send(xml('message', { to: 'friend@example.org', type: 'chat' }, xml('body', {}, 'is anybody there?')));
    await made.environment.advance(9_999);
    expect(made.session.status.peek().name).to.equal('online');
    await made.environment.advance(1);
    expect(made.session.status.peek().name).to.equal('verifying');
    await made.environment.advance(10_000);
    expect(made.problem).to.equal('connection-lost');
    await made.session.destroy();
  });

  it('is left in peace when what went out was answered', async () => {
    const environment = fakeEnvironment();
    let asked = 0;
    const alive = createAlive({ environment, probe: () => asked++, dead: () => undefined });
    await environment.advance(25_000);
    // The silence was long enough by itself.
    alive.sent();
    await environment.advance(4_999);
    alive.heard();
    alive.sent();
    alive.sent();
    await environment.advance(5_000);
    alive.sent();
    alive.heard();
    await environment.advance(29_999);
    expect(asked).to.equal(0);
    await environment.advance(1);
    expect(asked).to.equal(1);
    alive.stop();
  });

  it('is asked in time when the clock is set back by a year', async () => {
    const environment = fakeEnvironment();
    let asked = 0;
    let dead = 0;
    const alive = createAlive({ environment, probe: () => asked++, dead: () => dead++ });
    await environment.advance(10_000);
    environment.setClock(-365 * 86_400_000);
    await environment.advance(20_000);
    expect(asked).to.equal(1);
    await environment.advance(10_000);
    expect(dead).to.equal(1);
    alive.stop();
  });

  it('is in doubt from the question to the answer', async () => {
    const environment = fakeEnvironment();
    const doubts: boolean[] = [];
    const alive = createAlive({ environment, probe: () => undefined, doubt: asking => doubts.push(asking), dead: () => undefined });
    await environment.advance(30_000);
    expect(doubts).to.deep.equal([true]);
    alive.heard();
    alive.heard();
    expect(doubts).to.deep.equal([true, false]);
    alive.check();
    alive.check();
    expect(doubts).to.deep.equal([true, false, true]);
    alive.stop();
  });

  it('is known to be dead 15 s after a sleep that stopped the timers, too, though it had been asked before', async () => {
    const environment = fakeEnvironment();
    let asked = 0;
    let dead = 0;
    const alive = createAlive({ environment, probe: () => asked++, dead: () => dead++ });
    await environment.advance(31_000);
    environment.setClock(3_600_000);
    alive.check();
    expect(asked).to.equal(2);
    await environment.advance(14_999);
    expect(dead).to.equal(0);
    await environment.advance(1);
    expect(dead).to.equal(1);
    alive.stop();
  });

  it('lives by anything at all, also by what has nothing to do with the question', async () => {
    const made = await onlineSession();
    made.server.silent = true;
    await made.environment.advance(35_000);
    made.server.push("<presence xmlns='jabber:client' from='bo@example.org/x'/>");
    await settle();
    await made.environment.advance(29_000);
    expect(made.session.online.peek()).to.equal(true);
    await made.session.destroy();
  });

  it('is asked at once when the page wakes up or the network changes', async () => {
    for (const nudge of ['wake', 'network'] as const) {
      const made = await onlineSession();
      made.server.silent = true;
      if (nudge === 'wake') made.environment.wake();
      else made.environment.online.value = false;
      await made.environment.advance(10_000);
      expect(made.session.online.peek()).to.equal(false);
      await made.session.destroy();
    }
  });

  it('has 15 s after a sleep', async () => {
    const made = await onlineSession();
    made.server.silent = true;
    await made.environment.sleep(600_000);
    made.environment.wake();
    await made.environment.advance(14_999);
    expect(made.session.online.peek()).to.equal(true);
    await made.environment.advance(1);
    expect(made.session.online.peek()).to.equal(false);
    await made.session.destroy();
  });

  it('is asked once more when our own timer was late, but not for ever', async () => {
    const made = await onlineSession();
    made.server.silent = true;
    await made.environment.advance(30_000);
    await made.environment.sleep(60_000);
    expect(made.session.online.peek()).to.equal(true);
    await made.environment.sleep(60_000);
    expect(made.session.online.peek()).to.equal(false);
    await made.session.destroy();
  });

  it('is not thought dead because a clock was set', async () => {
    for (const by of [-3_600_000, 3_600_000]) {
      const made = await onlineSession();
      made.environment.setClock(by);
      await made.environment.advance(100_000);
      expect(made.session.online.peek()).to.equal(true);
      await made.session.destroy();
    }
  });
});

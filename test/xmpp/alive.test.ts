import { expect } from '@open-wc/testing';
import { child } from '../../src/xmpp/xml.js';
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

  it('is asked in time when the clock is set back by a year', async () => {
    const environment = fakeEnvironment();
    let back = 0;
    let asked = 0;
    let dead = 0;
    const alive = createAlive({ environment: { ...environment, now: () => environment.now() - back }, probe: () => asked++, dead: () => dead++ });
    await environment.advance(10_000);
    back = 365 * 86_400_000;
    await environment.advance(30_000);
    expect(asked).to.equal(1);
    await environment.advance(10_000);
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

  it('is not thought dead because a clock was set back', async () => {
    const made = await onlineSession();
    await made.environment.sleep(-3_600_000);
    await made.environment.advance(3_700_000);
    expect(made.session.online.peek()).to.equal(true);
    await made.session.destroy();
  });
});

import { expect } from '@open-wc/testing';
import { xml } from '../../src/xmpp/xml.js';
import { ping } from '../../src/xmpp/xep/0199-ping.js';
import type { ServerScript } from '../support/scripted-server.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { settle } from '../support/quiet.js';
import { onlineSession, testSession, type TestSession } from '../support/test-session.js';

const CSI = 'urn:xmpp:csi:0';
/** A server that offers client state indication after the login. */
const offers: ServerScript = {
  intercept: ({ name }, server) => {
    if (name !== 'open' || !server.received.some(element => element.name === 'response')) return false;
    const opened = server.received.filter(element => element.name === 'open').length;
    if (opened % 2 === 1) return false;
    server.push(`<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='example.org' id='s' version='1.0'/>`);
    server.push(`<stream:features xmlns:stream='http://etherx.jabber.org/streams'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/><csi xmlns='${CSI}'/></stream:features>`);
    return true;
  },
};
const states = ({ server }: TestSession): readonly string[] => server.received.filter(({ attrs }) => attrs['xmlns'] === CSI).map(({ name }) => name);
const said = ({ server }: TestSession, from: number): readonly string[] => server.received.slice(from).map(({ name }) => name);

describe('client state indication', () => {
  it('says that nobody looks after 5 s, and at once when somebody does', async () => {
    const made = await onlineSession(offers);
    expect(states(made)).to.deep.equal(['active']);
    made.environment.visible.value = false;
    await made.environment.advance(4_999);
    expect(states(made)).to.deep.equal(['active']);
    await made.environment.advance(1);
    expect(states(made)).to.deep.equal(['active', 'inactive']);
    made.environment.visible.value = true;
    await settle();
    expect(states(made)).to.deep.equal(['active', 'inactive', 'active']);
    await made.session.destroy();
  });

  it('says nothing of a glance away', async () => {
    const made = await onlineSession(offers);
    for (let glance = 0; glance < 3; glance++) {
      made.environment.visible.value = false;
      await made.environment.advance(4_000);
      made.environment.visible.value = true;
      await made.environment.advance(4_000);
    }
    expect(states(made)).to.deep.equal(['active']);
    await made.session.destroy();
  });

  it('says what holds again on a new stream', async () => {
    const made = await onlineSession(offers);
    made.environment.visible.value = false;
    await made.environment.advance(5_000);
    made.server.drop();
    await made.environment.advance(2_000);
    await made.status('online');
    await settle();
    expect(states(made)).to.deep.equal(['active', 'inactive', 'inactive']);
    await made.session.destroy();
  });

  it('tells a server that was reached while nobody looked', async () => {
    const made = testSession(offers);
    made.environment.visible.value = false;
    await made.environment.advance(5_000);
    made.session.connect();
    await made.status('online');
    await settle();
    expect(states(made)).to.deep.equal(['inactive']);
    await made.session.destroy();
  });

  it('lets nothing out before it is said that somebody looks again, whoever hears of it first', async () => {
    const environment = fakeEnvironment();
    let run = (): void => undefined;
    // Hears of it before the session does.
    environment.visible.subscribe(now => {
      if (now) run();
    });
    const made = await onlineSession(offers, { environment });
    const acts: readonly (() => unknown)[] = [() => made.session.reconnectNow(), () => made.session.request(ping()), () => made.session.send(xml('message', { to: 'bo@example.org' }))];
    for (const act of acts) {
      environment.visible.value = false;
      await environment.advance(5_000);
      const from = made.server.received.length;
      run = () => void act();
      environment.visible.value = true;
      await settle();
      expect(said(made, from)[0]).to.equal('active');
      expect(said(made, from).length).to.be.at.least(2);
    }
    await made.session.destroy();
  });

  it('says nothing where it is not offered', async () => {
    const made = await onlineSession();
    made.environment.visible.value = false;
    await made.environment.advance(10_000);
    made.environment.visible.value = true;
    await settle();
    expect(states(made)).to.deep.equal([]);
    await made.session.destroy();
  });

  it('is silent after the end', async () => {
    const made = await onlineSession(offers);
    made.environment.visible.value = false;
    await made.session.destroy();
    await made.environment.advance(10_000);
    expect(states(made)).to.deep.equal(['active']);
    expect(made.environment.left).to.equal(0);
  });
});

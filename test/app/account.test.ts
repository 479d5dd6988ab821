import { expect } from '@open-wc/testing';
import { accountChat, endChats, idleChat, type HeadlessChat } from '../support/headless-chat.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';

const ACCOUNT = { mode: 'page', domain: 'example.org', service: 'ws://localhost:5280/xmpp' };

describe('a page that is put away', () => {
  const { BroadcastChannel } = globalThis;
  /** Channels that are not closed. */
  const open = new Set<BroadcastChannel>();
  beforeEach(() => {
    globalThis.BroadcastChannel = class extends BroadcastChannel {
      constructor(name: string) {
        super(name);
        open.add(this);
      }
      override close(): void {
        open.delete(this);
        super.close();
      }
    };
  });
  afterEach(async () => {
    await endChats();
    globalThis.BroadcastChannel = BroadcastChannel;
    expect(open.size).to.equal(0);
  });

  /** A page at the login. */
  const atLogin = async (other?: HeadlessChat): Promise<HeadlessChat> => {
    const its = idleChat({ options: ACCOUNT, ...(other ? { database: other.database, server: other.server } : {}) });
    await its.chat.start();
    return its;
  };
  const isIn = (its: HeadlessChat): Promise<unknown> => until('the page to be in', () => its.chat.signIn.peek() === 'in', () => its.chat.signIn.peek());

  for (const [where, make, channels] of [
    ['at the login', atLogin, 1],
    ['with somebody signed in', accountChat, 2],
  ] as const) {
    it(`(${where}) has no channel open, and has them again when it comes back`, async () => {
      const its = await make();
      expect(open.size).to.equal(channels);
      for (let times = 0; times < 2; times++) {
        its.environment.hide();
        its.environment.hide();
        expect(open.size).to.equal(0);
        its.environment.wake();
        its.environment.wake();
        expect(open.size).to.equal(channels);
      }
    });

    it(`(${where}) and ends there opens none, and leaves nothing`, async () => {
      const its = await make();
      its.environment.hide();
      let done = false;
      void its.chat.destroy().then(() => (done = true));
      await until('the end', async () => {
        await its.environment.advance(500);
        return done;
      });
      expect(its.environment.left).to.equal(0);
      its.environment.wake();
      expect(open.size).to.equal(0);
    });
  }

  it('and comes back at the login follows another in which somebody came in meanwhile', async () => {
    const away = await atLogin();
    const other = await atLogin(away);
    away.environment.hide();
    await other.chat.logIn('ana@example.org', 'secret');
    await other.online();
    await settle();
    expect(away.chat.signIn.peek()).to.equal('out');
    away.environment.wake();
    await isIn(away);
    expect([away.chat.address.peek(), away.server.open]).to.deep.equal(['ana@example.org', 1]);
  });

  it('and comes back at the login follows another in which somebody comes in later', async () => {
    const back = await atLogin();
    const other = await atLogin(back);
    back.environment.hide();
    back.environment.wake();
    await settle();
    expect(back.chat.signIn.peek()).to.equal('out');
    await other.chat.logIn('ana@example.org', 'secret');
    await isIn(back);
    expect(back.server.open).to.equal(1);
  });

  it('and was never away looks for nobody when it is only looked at', async () => {
    const seen = await atLogin();
    let asked = 0;
    const { query } = navigator.locks;
    navigator.locks.query = () => {
      asked++;
      return query.call(navigator.locks);
    };
    for (let times = 0; times < 5; times++) seen.environment.wake();
    await settle();
    Reflect.deleteProperty(navigator.locks, 'query');
    expect(asked).to.equal(0);
  });
});

import { expect } from '@open-wc/testing';
import type { Credentials } from '../../src/xmpp/auth/credentials.js';
import { fixedEndpoints } from '../../src/xmpp/endpoint.js';
import { forgetfulStorage } from '../../src/xmpp/session-storage.js';
import { URL_OF_TESTS } from '../support/bosh-stream.js';
import { scriptedBosh, type ScriptedBosh } from '../support/scripted-bosh.js';
import { ANA, testSession, VISITOR, type TestSession } from '../support/test-session.js';
import { until } from '../support/until.js';

const endpoints = fixedEndpoints(URL_OF_TESTS);
interface World {
  readonly bosh: ScriptedBosh;
  page(credentials: Credentials, proven?: boolean): TestSession;
}

/** Pages of one device, one after the other. */
const world = (mechanisms: readonly string[]): World => {
  const bosh = scriptedBosh({ mechanisms: [...mechanisms] });
  const storage = forgetfulStorage();
  return { bosh, page: (credentials, proven = false) => testSession({}, { endpoints, storage, credentials, proven, fetch: bosh.fetch }) };
};
const online = async ({ session, environment, problem }: TestSession): Promise<void> => {
  session.connect();
  await until('the connection', async () => {
    await environment.advance(250);
    return session.online.peek();
  }, () => JSON.stringify([session.status.peek(), problem]));
  await environment.advance(1_000);
};

describe('a session over BOSH that the page before has left', () => {
  it('lets nobody in who has the wrong password', async () => {
    const { page, bosh } = world(['PLAIN']);
    const first = page(ANA);
    await online(first);
    first.session.abandon();
    const next = page({ ...ANA, password: 'wrong' });
    next.session.connect();
    await until('the refusal', async () => {
      await next.environment.advance(250);
      return next.session.status.peek().name === 'failed' || next.session.online.peek();
    }, () => JSON.stringify(next.session.status.peek()));
    expect([next.session.online.peek(), next.problem]).to.deep.equal([false, 'wrong-password']);
    // The right one makes a session of its own.
    const last = page(ANA);
    await online(last);
    expect(bosh.sessions).to.have.length(3);
    await last.session.destroy();
    await next.session.destroy();
  });

  for (const [who, credentials, proven] of [['a guest', VISITOR, false], ['somebody whose login worked before', ANA, true], ['somebody who stays signed in', { kind: 'secret', username: 'ana' }, false]] as const) {
    it(`goes on for ${who}`, async () => {
      const { page, bosh } = world(['PLAIN', 'ANONYMOUS']);
      const first = page(credentials.kind === 'anonymous' ? VISITOR : ANA);
      await online(first);
      first.session.abandon();
      const next = page(credentials, proven);
      await online(next);
      expect(bosh.sessions).to.have.length(1);
      await next.session.destroy();
    });
  }

  it('goes on after a break in the page that has logged in', async () => {
    const { page, bosh } = world(['PLAIN']);
    const only = page(ANA);
    await online(only);
    only.environment.freeze();
    only.environment.wake();
    await online(only);
    expect(bosh.sessions).to.have.length(1);
    await only.session.destroy();
  });
});

import { expect } from '@open-wc/testing';
import { settle } from '../support/quiet.js';
import { onlineSession, testSession, VISITOR } from '../support/test-session.js';

describe('a session', () => {
  it('logs in, binds and is online', async () => {
    const { session, server, status } = testSession();
    session.connect();
    await status('online');
    expect(session.account).to.equal('ana@example.org');
    expect(session.jid).to.equal(server.jid);
    expect(server.received.map(({ name }) => name)).to.deep.equal(['open', 'auth', 'response', 'open', 'iq', 'enable']);
    await session.destroy();
  });

  it('lets a visitor in', async () => {
    const { session, server } = await onlineSession({ mechanisms: ['PLAIN', 'ANONYMOUS'] }, { credentials: VISITOR });
    expect(session.account).to.equal('visitor-1@example.org');
    expect(server.received.find(({ name }) => name === 'auth')?.attrs['mechanism']).to.equal('ANONYMOUS');
    await session.destroy();
    await settle();
    expect(server.open).to.equal(0);
  });
});

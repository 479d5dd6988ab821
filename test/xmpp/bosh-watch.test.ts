import { expect } from '@open-wc/testing';
import { fixedEndpoints } from '../../src/xmpp/endpoint.js';
import { createWatch } from '../../src/xmpp/transport/bosh-watch.js';
import { URL_OF_TESTS } from '../support/bosh-stream.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { settle } from '../support/quiet.js';
import { scriptedBosh } from '../support/scripted-bosh.js';
import { onlineSession } from '../support/test-session.js';

const overBosh = async (terms: Readonly<Record<string, string>> = {}) => {
  const bosh = scriptedBosh({ terms });
  const made = await onlineSession({}, { endpoints: fixedEndpoints(URL_OF_TESTS), fetch: bosh.fetch });
  // So long that it need not wait before it polls again.
  await made.environment.advance(10_000);
  const names: string[] = [];
  made.session.status.subscribe(status => void names.push(status.name === 'verifying' && status.failing ? 'failing' : status.name));
  return { ...made, bosh, names };
};

for (const [server, terms] of [['one like Prosody', {}], ['one like ejabberd', { maxpause: '120' }]] as const) describe(`a session over BOSH whose server is gone for a while, ${server}`, () => {
  it('says so as soon as a request fails, and that all is well as soon as one is answered, though what is repeated may be held for a minute', async () => {
    const { session, bosh, environment, names } = await overBosh(terms);
    bosh.passage = () => 'lost before';
    bosh.waited();
    await environment.advance(200);
    expect(session.status.peek()).to.deep.equal({ name: 'verifying', failing: true });
    expect(session.online.peek(), 'what is written goes out when it can').to.equal(true);
    await environment.advance(4_000);
    expect(session.status.peek()).to.deep.equal({ name: 'verifying', failing: true });
    bosh.passage = () => 'pass';
    await environment.advance(6_000);
    expect(session.status.peek()).to.deep.equal({ name: 'online' });
    expect(names).to.deep.equal(['online', 'failing', 'online']);
    await session.destroy();
  });

  it('makes a new one at once if the server has forgotten it', async () => {
    const { session, bosh, environment, names } = await overBosh(terms);
    bosh.passage = () => 'lost before';
    bosh.waited();
    await environment.advance(3_000);
    bosh.forget();
    bosh.passage = () => 'pass';
    await environment.advance(2_000);
    for (let turn = 0; turn < 20 && bosh.sessions.length < 2; turn++) await settle();
    expect(bosh.sessions).to.have.length(2);
    await environment.advance(500);
    expect(session.status.peek()).to.deep.equal({ name: 'online' });
    expect(names).to.include('connecting');
    await session.destroy();
  });
});

describe('a watch that is over', () => {
  it('tells nothing of a request that fails later, and asks nobody', async () => {
    const environment = fakeEnvironment();
    const told: string[] = [];
    let lose = (): void => undefined;
    const watch = createWatch({
      environment,
      fetch: () => new Promise((_resolve, reject) => (lose = () => reject(new TypeError('lost')))),
      tell: failing => void told.push(`failing: ${String(failing)}`),
      probe: () => void told.push('asked'),
    });
    const going = watch.fetch('https://example.org').catch((error: unknown) => String(error));
    watch.stop();
    lose();
    expect(await going).to.equal('TypeError: lost');
    await environment.advance(1_000);
    expect(told).to.deep.equal([]);
  });
});

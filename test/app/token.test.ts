import { expect } from '@open-wc/testing';
import type { OptionsInput } from '../../src/app/config.js';
import { definePlugin } from '../../src/app/plugin.js';
import { attr, content, is, NS } from '../../src/xmpp/xml.js';
import { BO, endChats, idleChat, written, type HeadlessChat, type HeadlessOptions } from '../support/headless-chat.js';
import { settle } from '../support/quiet.js';
import { scriptedBosh } from '../support/scripted-bosh.js';
import { scriptedServer, type ScriptedServer, type ServerScript } from '../support/scripted-server.js';
import { scriptedSm } from '../support/scripted-sm.js';
import { until } from '../support/until.js';

const SM = 'urn:xmpp:sm:3';
const PAGE: OptionsInput = { mode: 'page', domain: 'example.org', service: 'ws://localhost:5280/xmpp' };

/** A server to which the token alone says who it is. */
const byToken = (more: ServerScript = {}): ServerScript => ({
  mechanisms: ['OAUTHBEARER'],
  features: ['urn:xmpp:sid:0'],
  ...more,
  intercept: (element, server) => {
    if (element.name !== 'auth') return more.intercept?.(element, server);
    server.enter(/auth=Bearer token-of-([a-z]+)/u.exec(atob(content(element)))?.[1] ?? '');
    server.push(`<success xmlns='${NS.sasl}'/>`);
    return true;
  },
});
const optionsOf = (who: string, more: OptionsInput = {}): OptionsInput => ({ ...PAGE, auth: 'token', token: () => Promise.resolve(`token-of-${who}`), ...more });

/** The site says who is in; settles when that one is online. */
const siteLogsIn = async (who: string, its: Partial<HeadlessOptions> & { readonly server: ScriptedServer }, more: OptionsInput = {}): Promise<HeadlessChat> => {
  const page = idleChat({ ...its, options: optionsOf(who, more) });
  await page.chat.start();
  await until('the connection', () => page.chat.status.peek().name === 'online', () => JSON.stringify(page.chat.status.peek()));
  return page;
};
/** Writes to Bo, and waits until the server has it. */
const writes = async (page: HeadlessChat, text: string): Promise<void> => {
  await page.conversation(BO).send(text);
  await until(`“${text}” on the wire`, async () => {
    await page.environment.advance(100);
    return written(page.server).includes(text);
  });
};
const resumptions = ({ received }: ScriptedServer): number => received.filter(element => is(element, 'resume', SM)).length;
/** The page goes without a word, as one that is loaded anew does. */
const goes = async (page: HeadlessChat): Promise<void> => {
  page.environment.hide();
  await settle();
};

describe('somebody whom the site logs in by a token', () => {
  afterEach(endChats);

  it('comes in where the token alone names them, and nothing is built for anybody before', async () => {
    const server = scriptedServer(byToken());
    let setUps = 0;
    const ana = await siteLogsIn('ana', { server, plugins: [definePlugin({ id: 'asked', setup: () => void setUps++ })] });
    expect([ana.chat.address.peek(), ana.chat.signIn.peek(), setUps]).to.deep.equal(['ana@example.org', 'in', 1]);
    expect(server.open).to.equal(1);
    expect(ana.errors()).to.deep.equal([]);
  });

  it('comes in under the name that the server knows the account by', async () => {
    const ana = await siteLogsIn('ana', { server: scriptedServer(byToken()) }, { username: 'ana.berg' });
    expect(ana.chat.address.peek()).to.equal('ana@example.org');
  });

  it('sees nothing of who is in another tab, and writes as nobody else', async () => {
    const server = scriptedServer(byToken());
    const ana = await siteLogsIn('ana', { server });
    ana.receive(BO, 'for Ana alone');
    await ana.arrival(BO, 'for Ana alone');
    const bob = await siteLogsIn('bob', { server, database: ana.database });
    await writes(bob, 'I am Bob');
    expect([bob.chat.address.peek(), bob.texts(BO)]).to.deep.equal(['bob@example.org', ['I am Bob']]);
    expect([ana.chat.address.peek(), ana.texts(BO)]).to.deep.equal(['ana@example.org', ['for Ana alone']]);
    // Nobody took the session of the other.
    expect([ana.chat.status.peek().name, server.open]).to.deep.equal(['online', 2]);
  });

  it('has one session with the other tabs of their own', async () => {
    const server = scriptedServer(byToken());
    const first = await siteLogsIn('ana', { server });
    first.receive(BO, 'in all tabs');
    await first.arrival(BO, 'in all tabs');
    const second = await siteLogsIn('ana', { server, database: first.database });
    await second.arrival(BO, 'in all tabs');
    expect(second.chat.address.peek()).to.equal('ana@example.org');
    await until('one socket', () => server.open === 1);
    await writes(second, 'from the second');
    await first.arrival(BO, 'from the second');
    expect(server.attempts).to.have.length(3);
  });

  it('is kept out of the tab of another, and what waits there goes out only when its owner is back', async () => {
    let who = 'ana';
    const server = scriptedServer(byToken());
    const ana = await siteLogsIn(who, { server }, { token: () => Promise.resolve(`token-of-${who}`) });
    who = 'bob';
    server.drop();
    await until('the break', () => ana.chat.status.peek().name !== 'online');
    await ana.conversation(BO).send('by Ana');
    await until('the next login', async () => {
      await ana.environment.advance(1_000);
      return ana.chat.status.peek().name === 'failed';
    });
    expect(ana.chat.status.peek()).to.deep.equal({ name: 'failed', problem: { code: 'other-account', action: 'reload' } });
    await ana.environment.advance(60_000);
    expect([written(server), ana.message(BO, 'by Ana')?.state]).to.deep.equal([[], 'queued']);
    await goes(ana);
    const again = await siteLogsIn('ana', { server, database: ana.database });
    await again.state(BO, 'by Ana', 'sent');
    expect(written(server)).to.deep.equal(['by Ana']);
  });

  it('goes on with their stream on the next page', async () => {
    const sm = scriptedSm();
    const server = scriptedServer(byToken(sm.script));
    const first = await siteLogsIn('ana', { server });
    await first.online();
    first.receive(BO, 'from before');
    await first.arrival(BO, 'from before');
    await goes(first);
    const next = await siteLogsIn('ana', { server, database: first.database });
    await next.arrival(BO, 'from before');
    expect(resumptions(server)).to.equal(1);
  });

  it('does not go on with the stream of who was there before, which waits for them', async () => {
    const sm = scriptedSm();
    const server = scriptedServer(byToken(sm.script));
    const ana = await siteLogsIn('ana', { server });
    await ana.online();
    ana.receive(BO, 'for Ana alone');
    await ana.arrival(BO, 'for Ana alone');
    await goes(ana);
    const bob = await siteLogsIn('bob', { server, database: ana.database });
    expect([bob.chat.address.peek(), bob.texts(BO), resumptions(server)]).to.deep.equal(['bob@example.org', [], 0]);
    await goes(bob);
    const again = await siteLogsIn('ana', { server, database: ana.database });
    await again.arrival(BO, 'for Ana alone');
    expect([again.chat.address.peek(), resumptions(server)]).to.deep.equal(['ana@example.org', 1]);
  });

  it('does not go on with the session over BOSH of who was there before either, and with their own only once it is known whose it is', async () => {
    const bosh = scriptedBosh(byToken());
    const its = { server: bosh.server, fetch: bosh.fetch };
    const service = { service: 'http://localhost:5280/http-bind' };
    const ana = await siteLogsIn('ana', its, service);
    await writes(ana, 'from Ana');
    const anas = bosh.sessions.at(-1);
    const askedOf = (sid: string | undefined): number => bosh.posted.filter(({ body }) => attr(body, 'sid') === sid).length;
    await goes(ana);
    const before = askedOf(anas);
    const bob = await siteLogsIn('bob', { ...its, database: ana.database }, service);
    expect([bob.chat.address.peek(), askedOf(anas)]).to.deep.equal(['bob@example.org', before]);
    await goes(bob);
    const logins = (): number => bosh.server.received.filter(({ name }) => name === 'auth').length;
    const soFar = logins();
    let loginsBefore = 0;
    bosh.passage = ({ body }) => {
      if (attr(body, 'sid') === anas) loginsBefore ||= logins();
      return 'pass';
    };
    const again = await siteLogsIn('ana', { ...its, database: ana.database }, service);
    expect([again.chat.address.peek(), loginsBefore]).to.deep.equal(['ana@example.org', soFar + 1]);
  });
});

import { expect } from '@open-wc/testing';
import type { OptionsInput } from '../../src/app/config.js';
import { serialize } from '../../src/xmpp/xml.js';
import { BO, endChats, idleChat, type HeadlessChat } from '../support/headless-chat.js';
import { scriptedSasl2, type Sasl2Script } from '../support/scripted-sasl2.js';
import { until } from '../support/until.js';

const PAGE: OptionsInput = { mode: 'page', domain: 'example.org', service: 'ws://localhost:5280/xmpp' };
const SALT = { salt: 'c29tZSBzYWx0' };

/** The server takes the same password and tokens all the time; how it answers can be changed. */
const world = (given: Sasl2Script = {}) => {
  let now = scriptedSasl2({ scram: SALT, ...given });
  return {
    script: { ...now.script, intercept: ((element, server) => now.script.intercept?.(element, server)) satisfies Sasl2Script['intercept'] },
    /** From now on it answers otherwise; `keeps`: it still knows the tokens. */
    becomes: (next: Sasl2Script, keeps = true): void => {
      const before = now.tokens;
      now = scriptedSasl2({ scram: SALT, ...next });
      if (keeps) for (const [device, token] of before) now.tokens.set(device, token);
    },
    tokens: () => [...now.tokens.values()],
  };
};

/** Ana signs in, writes to Bo, and the page is loaded again later. */
const signedIn = async (its: ReturnType<typeof world>, stay = true): Promise<HeadlessChat> => {
  const made = idleChat({ options: PAGE, script: its.script });
  await made.chat.start();
  await made.chat.logIn('ana', 'secret', { stay });
  await made.online();
  made.receive(BO, 'from before');
  await made.arrival(BO, 'from before');
  return made;
};
/** Of the logins; a token that is only to be forgotten is none. */
const mechanisms = ({ server }: HeadlessChat, since = 0): readonly (string | undefined)[] =>
  server.received.slice(since).filter(element => element.name === 'authenticate' && !serialize(element).includes('invalidate=')).map(({ attrs }) => attrs['mechanism']);
/** What was refused is tried once more, after a while. */
const refused = (it: HeadlessChat): Promise<string> =>
  until('the refusal', async () => {
    await it.environment.advance(5_000);
    return it.chat.refused.peek()?.code;
  }, () => JSON.stringify(it.chat.status.peek()));

describe('somebody who stays signed in', () => {
  afterEach(endChats);

  it('is in on the next page, by token, without being asked', async () => {
    const first = await signedIn(world());
    const since = first.server.received.length;
    const next = await first.reloaded();
    await until('the connection', () => next.chat.status.peek().name === 'online', () => JSON.stringify(next.chat.status.peek()));
    expect(mechanisms(next, since)).to.deep.equal(['HT-SHA-256-NONE']);
    expect([next.chat.address.peek(), next.texts(BO).length]).to.deep.equal(['ana@example.org', 0]);
    await next.arrival(BO, 'from before');
  });

  it('sees what is stored before there is a connection, and stays in while there is none', async () => {
    const first = await signedIn(world());
    const next = await first.reloaded({ reachable: false });
    await next.arrival(BO, 'from before');
    expect(next.chat.status.peek().name).not.to.equal('online');
    await next.environment.advance(600_000);
    expect(next.chat.signIn.peek()).to.equal('in');
    next.server.reachability = 'open';
    await next.environment.advance(120_000);
    await until('the connection', () => next.chat.status.peek().name === 'online', () => JSON.stringify(next.chat.status.peek()));
  });

  it('stays in while the server cannot check logins, or takes the token once more', async () => {
    for (const tokenRefusal of ['temporary-auth-failure', 'not-authorized']) {
      const its = world();
      const first = await signedIn(its);
      its.becomes({ tokenRefusal, mechanisms: ['PLAIN'] });
      const next = await first.reloaded();
      await until('a refusal', () => mechanisms(next).length > 2 || next.chat.status.peek().name === 'waiting', () => JSON.stringify(next.chat.status.peek()));
      its.becomes({});
      await next.environment.advance(30_000);
      await until('the connection', () => next.chat.status.peek().name === 'online', () => JSON.stringify(next.chat.status.peek()));
      expect(next.chat.refused.peek()).to.equal(undefined);
      await endChats();
    }
  });

  it('is asked again when the server has definitely forgotten, with what is stored out of sight', async () => {
    const its = world();
    const first = await signedIn(its);
    its.becomes({ accounts: { ana: 'another' } }, false);
    const next = await first.reloaded();
    expect(await refused(next)).to.equal('secret-stale');
    await until('the login', () => next.chat.signIn.peek() === 'out');
    expect(next.chat.model.peek()).to.equal(undefined);
    const since = next.server.received.length;
    const last = await next.reloaded();
    expect([last.chat.signIn.peek(), mechanisms(last, since).length]).to.deep.equal(['out', 0]);
    await last.chat.logIn('ana', 'another', { stay: false });
    await last.online();
    await last.arrival(BO, 'from before');
  });

  it('is asked for the password alone where keys serve no second login, and told so where nothing can be kept', async () => {
    for (const [mechanisms, code] of [[['SCRAM-SHA-256'], 'secret-stale'], [['PLAIN'], 'stay-not-kept']] as const) {
      const first = idleChat({ options: PAGE, script: { accounts: { ana: 'secret' }, mechanisms, scram: {} } });
      await first.chat.start();
      await first.chat.logIn('ana', 'secret', { stay: true });
      await first.online();
      const next = await first.reloaded();
      expect(await refused(next)).to.equal(code);
      await until('the login', () => next.chat.signIn.peek() === 'out');
      expect(next.chat.refused.peek()?.address).to.equal('ana@example.org');
      await next.chat.logIn('ana', 'secret', { stay: false });
      await next.online();
      expect((await next.reloaded()).chat.refused.peek()).to.equal(undefined);
      await endChats();
    }
  });

  it('is asked for the password where that was changed under an open page, and not for ever told to wait', async () => {
    for (const its of [world(), { script: { accounts: { ana: 'secret' }, scram: SALT }, becomes: undefined }]) {
      const first = await signedIn(its as ReturnType<typeof world>);
      if (its.becomes) its.becomes({ accounts: { ana: 'another' } }, false);
      else first.server.script = { ...first.server.script, accounts: { ana: 'another' } };
      first.server.drop();
      expect(await refused(first)).to.equal('secret-stale');
      await until('the login', () => first.chat.signIn.peek() === 'out');
      await endChats();
    }
  });

  it('is out after signing out, here and on the server', async () => {
    const its = world();
    const first = await signedIn(its);
    expect(its.tokens()).to.deep.equal(['token-1']);
    await first.chat.logOut();
    await until('the server to forget the token', () => its.tokens().length === 0);
    const since = first.server.received.length;
    const next = await first.reloaded();
    expect([next.chat.signIn.peek(), mechanisms(next, since).length]).to.deep.equal(['out', 0]);
  });

  it('is out with the page where that was not asked for', async () => {
    const first = await signedIn(world(), false);
    const next = await first.reloaded();
    expect(next.chat.signIn.peek()).to.equal('out');
  });

  it('asks the browser to keep what is stored, and nobody else does', async () => {
    for (const stay of [true, false]) {
      const made = idleChat({ options: PAGE, script: world().script });
      let asked = 0;
      made.environment.persist = () => Promise.resolve(++asked > 0);
      await made.chat.start();
      await made.chat.logIn('ana', 'secret', { stay });
      expect(asked).to.equal(stay ? 1 : 0);
    }
  });
});

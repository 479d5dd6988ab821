import { expect } from '@open-wc/testing';
import { createLog } from '../../src/base/log.js';
import { invalidateToken } from '../../src/xmpp/auth/invalidate.js';
import { fixedEndpoints } from '../../src/xmpp/endpoint.js';
import { forgetfulLogins, type FastToken, type LoginMemory, type LoginSecret } from '../../src/xmpp/auth/login-memory.js';
import { attr, child, type XmlElement } from '../../src/xmpp/xml.js';
import { fakeEnvironment, type FakeEnvironment } from '../support/fake-environment.js';
import { settle } from '../support/quiet.js';
import { scriptedServer, type ScriptedServer } from '../support/scripted-server.js';
import { scriptedSasl2, type Sasl2Script } from '../support/scripted-sasl2.js';
import { DEVICE_ID, negotiation, type TestNegotiation } from '../support/test-negotiation.js';
import { ANA } from '../support/test-session.js';

const FAST = 'urn:xmpp:fast:0';
const SECRET = { kind: 'secret', username: 'ana' } as const;
const KEPT: FastToken = { token: 'kept', mechanism: 'HT-SHA-256-NONE', count: 3 };

const remembering = (secret: LoginSecret = { fast: KEPT }): LoginMemory => ({ ...forgetfulLogins(DEVICE_ID), secret });
/** A login of Ana without her password; the server knows the kept token unless it is told otherwise. */
const login = (script: Sasl2Script = {}, memory = remembering(), token: string | undefined = 'kept', credentials: typeof SECRET | typeof ANA = SECRET): TestNegotiation & { readonly tokens: Map<string, string> } => {
  const its = scriptedSasl2(script);
  if (token !== undefined) its.tokens.set(DEVICE_ID, token);
  return { ...negotiation(its.script, { memory, credentials }), tokens: its.tokens };
};
const authentications = ({ server }: TestNegotiation): readonly XmlElement[] => server.received.filter(({ name }) => name === 'authenticate');
const mechanisms = (test: TestNegotiation): readonly (string | undefined)[] => authentications(test).map(element => attr(element, 'mechanism'));
/** An attribute of what went with the first login. */
const asked = (test: TestNegotiation, name: string, attribute: string): string | undefined => {
  const [first] = authentications(test);
  const element = first && child(first, name, FAST);
  return element && attr(element, attribute);
};

describe('a login by a token of the server', () => {
  it('is asked for with a password, and takes one round trip the next time', async () => {
    const its = scriptedSasl2();
    const server = scriptedServer();
    const memory = forgetfulLogins(DEVICE_ID);
    const first = negotiation(its.script, { memory }, server);
    await first.result;
    expect(asked(first, 'request-token', 'mechanism')).to.equal('HT-SHA-256-NONE');
    expect(memory.secret.fast).to.deep.equal({ token: 'token-1', mechanism: 'HT-SHA-256-NONE', count: 0, expiry: Date.parse('2099-01-01T00:00:00.500Z') });
    await first.close();
    const second = negotiation(its.script, { memory, credentials: SECRET }, server);
    expect(await second.end).to.equal('bound');
    expect(second.said()).to.deep.equal(['authenticate']);
    await second.close();
  });

  it('resumes in the same round trip', async () => {
    const its = scriptedSasl2({ resumable: 'old' });
    its.tokens.set(DEVICE_ID, 'kept');
    const test = negotiation(its.script, { memory: remembering(), credentials: SECRET, resume: 'old' });
    expect(await test.end).to.equal('resumed');
    expect(test.said()).to.deep.equal(['authenticate']);
    await test.close();
  });

  it('counts how often a token is used', async () => {
    const test = login();
    await test.result;
    expect([asked(test, 'fast', 'count'), asked(test, 'fast', 'invalidate')]).to.deep.equal(['4', undefined]);
    expect(test.memory.secret.fast?.count).to.equal(4);
    await test.close();
  });

  it('takes a new token in the place of the old', async () => {
    const test = login({ rotates: true });
    await test.result;
    expect(test.memory.secret.fast).to.include({ token: 'token-1', count: 0 });
    await test.close();
  });

  it('is preferred to the password, which is not needed then', async () => {
    const test = login({}, remembering(), 'kept', ANA);
    expect(await test.end).to.equal('bound');
    expect(mechanisms(test)).to.deep.equal(['HT-SHA-256-NONE']);
    await test.close();
  });

  it('falls back to the password on the same stream where the token is refused, and gets another', async () => {
    const test = login({}, remembering(), 'another', ANA);
    expect(await test.end).to.equal('bound');
    expect(mechanisms(test)).to.deep.equal(['HT-SHA-256-NONE', 'SCRAM-SHA-256']);
    expect(test.memory.secret.fast?.token).to.equal('token-1');
    expect(test.memory.secret.keys?.hash).to.equal('SHA-256');
    await test.close();
  });

  it('falls back to the keys of the password', async () => {
    const its = scriptedSasl2({ scram: { salt: 'c29tZSBzYWx0' } });
    const server = scriptedServer();
    const memory = forgetfulLogins(DEVICE_ID);
    const first = negotiation(its.script, { memory }, server);
    await first.result;
    await first.close();
    its.tokens.clear();
    const second = negotiation(its.script, { memory, credentials: SECRET }, server);
    expect(await second.end).to.equal('bound');
    expect(second.said()).to.deep.equal(['authenticate', 'authenticate', 'response']);
    expect(memory.secret.fast?.token).to.equal('token-2');
    await second.close();
  });

  it('says that what was kept is no longer valid when nothing else is kept, and keeps it for one more try', async () => {
    for (const condition of ['not-authorized', 'credentials-expired', 'malformed-request']) {
      const test = login({ tokenRefusal: condition });
      expect(await test.end).to.equal('secret-stale');
      expect(test.memory.secret.fast?.token).to.equal('kept');
      await test.close();
    }
  });

  it('says that it is the server’s fault when that cannot check it now', async () => {
    const test = login({ tokenRefusal: 'temporary-auth-failure' }, remembering(), 'kept', ANA);
    expect(await test.end).to.equal('login-unavailable');
    expect(test.memory.secret.fast?.token).to.equal('kept');
    await test.close();
  });

  it('comes back later without the token where the stream takes nothing after a refused one', async () => {
    const its = scriptedSasl2({ stubborn: true });
    const server = scriptedServer();
    const memory = remembering();
    const first = negotiation(its.script, { memory, credentials: ANA }, server);
    expect(await first.end).to.equal('login-unavailable');
    await first.close();
    const second = negotiation(its.script, { memory, credentials: ANA }, server);
    expect(await second.end).to.equal('bound');
    await second.close();
  });

  it('is not tried when the token is over', async () => {
    const test = login({}, remembering({ fast: { ...KEPT, expiry: 1 } }), 'kept', ANA);
    expect(await test.end).to.equal('bound');
    expect(mechanisms(test)).to.deep.equal(['SCRAM-SHA-256']);
    await test.close();
  });

  it('is not tried where it is not offered, nor is a token asked for', async () => {
    for (const script of [scriptedSasl2({ inline: ['bind'] }).script, {}]) {
      const test = negotiation(script, { memory: remembering(), credentials: ANA });
      expect(await test.end).to.equal('bound');
      expect(test.server.received.some(element => child(element, 'fast', FAST) ?? child(element, 'request-token', FAST))).to.equal(false);
      await test.close();
    }
  });

  it('needs an id of the device', async () => {
    const memory = { ...forgetfulLogins(), secret: { fast: KEPT } };
    const test = login({}, memory, 'kept', ANA);
    expect(await test.end).to.equal('bound');
    expect(mechanisms(test)).to.deep.equal(['SCRAM-SHA-256']);
    await test.close();
  });
});

describe('a logout', () => {
  const logOut = async (script: Sasl2Script, memory = remembering(), reachable = true): Promise<{ readonly server: ScriptedServer; readonly tokens: Map<string, string>; readonly environment: FakeEnvironment; readonly done: Promise<void> }> => {
    const its = scriptedSasl2(script);
    its.tokens.set(DEVICE_ID, 'kept');
    const server = scriptedServer(its.script);
    server.reachability = reachable ? 'open' : 'hanging';
    const environment = fakeEnvironment();
    const done = invalidateToken({ endpoints: fixedEndpoints('ws://localhost:5280/xmpp'), domain: 'example.org', username: 'ana', memory, environment, log: createLog('session', () => undefined), WebSocket: server.WebSocket });
    await settle();
    return { server, tokens: its.tokens, environment, done };
  };

  it('has the server forget the token, binds nothing, and leaves no stream behind', async () => {
    const { server, tokens, done, environment } = await logOut({});
    await done;
    expect([...tokens]).to.deep.equal([]);
    expect(server.received.map(({ name }) => name)).to.deep.equal(['open', 'authenticate', 'close']);
    expect(server.received[1]?.children.some(node => typeof node !== 'string' && node.name === 'bind')).to.equal(false);
    await settle();
    expect([server.open, environment.left]).to.deep.equal([0, 0]);
  });

  it('connects to nobody where there is no token', async () => {
    const { server, done } = await logOut({}, remembering({}));
    await done;
    expect(server.attempts).to.deep.equal([]);
  });

  it('is over after 10 s where the server does not answer', async () => {
    for (const how of ['hanging', 'silent'] as const) {
      const { server, done, environment } = await logOut(how === 'silent' ? { intercept: ({ name }) => name === 'authenticate' } : {}, remembering(), how === 'silent');
      let over = false;
      void done.then(() => (over = true));
      await environment.advance(9_000);
      expect(over).to.equal(false);
      await environment.advance(3_000);
      await done;
      await settle();
      expect([server.open, environment.left]).to.deep.equal([0, 0]);
    }
  });

  it('does not mind a server that does not know tokens any more', async () => {
    const { server, done } = await logOut({ tokenRefusal: 'not-authorized' });
    await done;
    await settle();
    expect(server.open).to.equal(0);
  });
});

describe('a hostile server with tokens', () => {
  it('is found out when it does not know the token', async () => {
    for (const data of ['', '<additional-data>AAAA</additional-data>', '<additional-data>%</additional-data>']) {
      const test = login({ success: right => right.replace(/<additional-data>.*<\/additional-data>/u, data) });
      expect(await test.end).to.equal('server-not-genuine');
      await test.close();
    }
  });

  it('gives no token before it has proved itself', async () => {
    const test = login({ scram: { last: () => 'v=AAAA' } }, forgetfulLogins(DEVICE_ID), undefined, ANA);
    expect(await test.end).to.equal('server-not-genuine');
    expect(test.memory.secret).to.deep.equal({});
    await test.close();
  });

  for (const [what, token] of [
    ['in a foreign namespace', "<token xmlns='urn:evil' token='x'/>"],
    ['without a text', `<token xmlns='${FAST}'/>`],
    ['that is huge', `<token xmlns='${FAST}' token='${'x'.repeat(5_000)}'/>`],
  ] as const) {
    it(`is not believed with a token ${what}`, async () => {
      const test = login({ success: right => right.replace(/<token [^>]*>/u, token) }, forgetfulLogins(DEVICE_ID), undefined, ANA);
      expect(await test.end).to.equal('bound');
      expect(test.memory.secret.fast).to.equal(undefined);
      await test.close();
    });
  }

  it('may tell a nonsense end of a token, which then has none', async () => {
    const test = login({ success: right => right.replace(/expiry='[^']*'/u, "expiry='soon'") }, forgetfulLogins(DEVICE_ID), undefined, ANA);
    await test.result;
    expect(test.memory.secret.fast).to.deep.equal({ token: 'token-1', mechanism: 'HT-SHA-256-NONE', count: 0 });
    await test.close();
  });
});

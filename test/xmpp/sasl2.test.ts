import { expect } from '@open-wc/testing';
import { forgetfulLogins } from '../../src/xmpp/auth/login-memory.js';
import { attr, child, children, serialize, text, type XmlElement } from '../../src/xmpp/xml.js';
import { settle } from '../support/quiet.js';
import { scriptedSasl2, type Sasl2Script } from '../support/scripted-sasl2.js';
import { DEVICE_ID, negotiation, type NegotiationOptions, type TestNegotiation } from '../support/test-negotiation.js';
import { ANA, onlineSession, testSession, VISITOR } from '../support/test-session.js';
import { until } from '../support/until.js';

const SASL2 = 'urn:xmpp:sasl:2';
const BIND2 = 'urn:xmpp:bind:0';
const SM = 'urn:xmpp:sm:3';

const login = (script: Sasl2Script = {}, options: NegotiationOptions = {}): TestNegotiation => negotiation(scriptedSasl2(script).script, options);
const authenticate = ({ server }: TestNegotiation): XmlElement => {
  const found = server.received.find(({ name }) => name === 'authenticate');
  if (!found) throw new Error('There was no <authenticate/>.');
  return found;
};

describe('a login by SASL2', () => {
  it('binds, enables stream management and carbons in one go', async () => {
    const test = login();
    const result = await test.result;
    expect(test.said()).to.deep.equal(['authenticate', 'response']);
    expect(result.kind === 'bound' && [result.jid.full, result.carbons, result.enabled && attr(result.enabled, 'id'), result.failed]).to.deep.equal(['ana@example.org/r1', true, 'new', undefined]);
    expect(result.kind === 'bound' && child(result.features, 'sm', SM) !== undefined).to.equal(true);
    expect(test.counted()).to.equal(1);
    await test.close();
  });

  it('says which device and which software it comes from, and no resource', async () => {
    const test = login();
    await test.result;
    const sent = authenticate(test);
    const agent = child(sent, 'user-agent', SASL2);
    expect(agent && [attr(agent, 'id'), text(agent, 'software', SASL2), children(agent, 'device', SASL2).length]).to.deep.equal([DEVICE_ID, 'Stoa', 0]);
    const bind = child(sent, 'bind', BIND2);
    expect(bind && serialize(bind)).to.equal(`<bind xmlns="${BIND2}"><enable xmlns="${SM}" resume="true"/><enable xmlns="urn:xmpp:carbons:2"/></bind>`);
    expect(attr(test.server.received[0] ?? sent, 'from')).to.equal('ana@example.org');
    await test.close();
  });

  it('makes a session that is online, and whose carbons are not asked for again', async () => {
    const { session, server } = await onlineSession(scriptedSasl2({ features: ['urn:xmpp:carbons:2'] }).script, { memory: forgetfulLogins(DEVICE_ID) });
    expect([session.jid, session.carbons]).to.deep.equal(['ana@example.org/r1', true]);
    expect(server.received.filter(({ name }) => name === 'enable')).to.have.length(0);
    await session.destroy();
  });

  it('counts what comes right after it', async () => {
    const { session, server } = await onlineSession(scriptedSasl2({ between: "<message xmlns='jabber:client' from='bo@example.org' type='chat' id='m'><body>hi</body></message>" }).script, { memory: forgetfulLogins(DEVICE_ID) });
    server.push(`<r xmlns='${SM}'/>`);
    expect(attr(await server.next('a'), 'h')).to.equal('1');
    await session.destroy();
  });

  it('goes on with the stream of before', async () => {
    const test = login({ resumable: 'old' }, { resume: 'old' });
    const result = await test.result;
    expect(result.kind === 'resumed' && attr(result.answer, 'previd')).to.equal('old');
    expect(test.said()).to.deep.equal(['authenticate', 'response']);
    expect(test.counted()).to.equal(1);
    await test.close();
  });

  it('binds anew where the stream of before is gone, and tells its last count', async () => {
    const test = login({}, { resume: 'old' });
    const result = await test.result;
    expect(result.kind === 'bound' && [result.failed && attr(result.failed, 'h'), result.jid.resource, result.enabled !== undefined]).to.deep.equal(['7', 'r1', true]);
    expect(test.said()).to.deep.equal(['authenticate', 'response']);
    await test.close();
  });

  it('enables stream management afterwards where that is not offered in one go', async () => {
    const test = login({ inline: ['bind', 'carbons'] });
    const result = await test.result;
    expect(test.said()).to.deep.equal(['authenticate', 'response', 'enable']);
    expect(result.kind === 'bound' && [result.enabled !== undefined, result.carbons]).to.deep.equal([true, true]);
    expect(test.counted()).to.equal(1);
    await test.close();
  });

  it('resumes before it binds where only binding is offered in one go', async () => {
    const script = scriptedSasl2({ inline: ['bind', 'carbons'] }).script;
    const test = negotiation({ ...script, intercept: (element, server) => (element.name === 'resume' ? (server.push(`<resumed xmlns='${SM}' previd='old' h='0'/>`), true) : script.intercept?.(element, server)) }, { resume: 'old' });
    expect(await test.end).to.equal('resumed');
    expect(child(authenticate(test), 'bind', BIND2)).to.equal(undefined);
    expect(test.said()).to.deep.equal(['authenticate', 'response', 'resume']);
    await test.close();
  });

  it('binds as ever where nothing is offered in one go', async () => {
    const test = login({ inline: [] });
    const result = await test.result;
    expect(test.said()).to.deep.equal(['authenticate', 'response', 'iq', 'enable']);
    expect(result.kind === 'bound' && result.carbons).to.equal(false);
    await test.close();
  });

  it('does not ask for what the transport does itself', async () => {
    const test = login({}, { enable: false });
    const result = await test.result;
    expect(result.kind === 'bound' && [result.enabled, result.carbons, test.counted()]).to.deep.equal([undefined, true, 0]);
    expect(test.said()).to.deep.equal(['authenticate', 'response']);
    await test.close();
  });

  it('is nothing for visitors', async () => {
    const test = negotiation({ ...scriptedSasl2({ mechanisms: ['ANONYMOUS'] }).script }, { credentials: VISITOR });
    expect(await test.end).to.equal('bound');
    expect(test.said()[0]).to.equal('auth');
    await test.close();
  });

  it('goes through with passwords of all scripts', async () => {
    for (const password of ['Пароль', 'é', '密码😀', 'a,b=c']) {
      for (const mechanisms of [['SCRAM-SHA-256'], ['PLAIN']]) {
        const test = login({ mechanisms, accounts: { ana: password } }, { credentials: { ...ANA, password } });
        expect(await test.end).to.equal('bound');
        await test.close();
      }
    }
  });

  it('fails with the reason that the server gives', async () => {
    for (const [condition, code] of [['not-authorized', 'wrong-password'], ['account-disabled', 'account-disabled'], ['temporary-auth-failure', 'login-unavailable'], ['made-up', 'login-refused']] as const) {
      const test = login({ intercept: ({ name }, server) => name === 'authenticate' && (server.push(`<failure xmlns='${SASL2}'><${condition} xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>`), true) });
      expect(await test.end).to.equal(code);
      await test.close();
    }
  });

  it('stops where a second step is asked for', async () => {
    const test = login({ success: right => `<continue xmlns='${SASL2}'>${/<additional-data>.*<\/additional-data>/u.exec(right)?.[0] ?? ''}<tasks><task>TOTP</task></tasks></continue>` });
    expect(await test.end).to.equal('more-steps');
    await test.close();
  });
});

describe('a hostile SASL2 server', () => {
  const ending = async (script: Sasl2Script, options: NegotiationOptions = {}): Promise<string> => {
    const test = login(script, options);
    const end = await test.end;
    expect(test.memory.secret, 'nothing is remembered').to.deep.equal({});
    await test.close();
    return end;
  };
  const replace = (what: RegExp, by: string) => (right: string): string => right.replace(what, by);

  it('is found out by a success without a signature', async () => expect(await ending({ success: replace(/<additional-data>.*<\/additional-data>/u, '') })).to.equal('server-not-genuine'));
  it('is found out by a wrong signature', async () => expect(await ending({ scram: { last: () => 'v=AAAA' } })).to.equal('server-not-genuine'));
  it('is found out by a signature that is no base64', async () => expect(await ending({ success: replace(/<additional-data>.*<\/additional-data>/u, '<additional-data>%%%</additional-data>') })).to.equal('unsafe-login'));
  it('is found out by a success that comes straight away', async () =>
    expect(await ending({ intercept: ({ name }, server) => name === 'authenticate' && (server.push(`<success xmlns='${SASL2}'><authorization-identifier>ana@example.org/x</authorization-identifier><bound xmlns='${BIND2}'/></success>`), true) })).to.equal('server-not-genuine'));
  it('is found out by a second step before it has proved itself', async () =>
    expect(await ending({ intercept: ({ name }, server) => name === 'authenticate' && (server.push(`<continue xmlns='${SASL2}'><tasks><task>TOTP</task></tasks></continue>`), true) })).to.equal('server-not-genuine'));
  it('is found out by one iteration', async () => expect(await ending({ scram: { iterations: 1 } })).to.equal('unsafe-login'));
  it('is found out by a nonce that is not ours', async () => expect(await ending({ scram: { nonce: () => 'other' } })).to.equal('server-not-genuine'));

  it('binds nobody without an address', async () => {
    const test = login({ success: replace(/ana@example\.org\/r1/u, 'ana@example.org') });
    expect(await test.end).to.equal('server-error');
    await test.close();
  });

  it('is not heard in foreign namespaces', async () => {
    const test = login({
      success: right => {
        test.server.push(right.replaceAll(SASL2, 'urn:evil'));
        test.server.push(`<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>`);
        return right;
      },
    });
    expect(await test.end).to.equal('bound');
    await test.close();
  });

  it('gives no resumption, counting or carbons that were not asked for', async () => {
    const script: Sasl2Script = { inline: ['bind'], listsSm: false, success: right => right.replace('</success>', `<resumed xmlns='${SM}' previd='x' h='0'/></success>`).replace(/<bound[^>]*>/u, `$&<enabled xmlns='${SM}' id='x' resume='true'/>`) };
    const test = login(script);
    const result = await test.result;
    expect(result.kind === 'bound' && [result.enabled, result.carbons, test.counted()]).to.deep.equal([undefined, false, 0]);
    await test.close();
  });

  it('cannot take the session elsewhere', async () => {
    for (const [address, credentials] of [['ana@elsewhere.example', ANA], ['bo@example.org', { kind: 'secret', username: 'ana' }]] as const) {
      const its = scriptedSasl2({ success: replace(/ana@example\.org/u, address) });
      its.tokens.set(DEVICE_ID, 'kept');
      const test = testSession(its.script, { credentials, memory: { ...forgetfulLogins(DEVICE_ID), secret: { fast: { token: 'kept', mechanism: 'HT-SHA-256-NONE', count: 0 } } } });
      test.session.connect();
      await until('the refusal', () => test.problem === 'server-error', () => JSON.stringify(test.session.status.peek()));
      expect(test.session.account).to.equal(undefined);
      await test.session.destroy();
    }
  });

  it('does not lead to another host', async () => {
    const test = login({ intercept: ({ name }, server) => name === 'authenticate' && (server.push("<stream:error xmlns:stream='http://etherx.jabber.org/streams'><see-other-host xmlns='urn:ietf:params:xml:ns:xmpp-streams'>evil.example</see-other-host></stream:error>"), true) });
    expect(await test.end).to.equal('redirected');
    await settle();
    expect(test.server.attempts).to.deep.equal(['ws://localhost:5280/xmpp']);
    await test.close();
  });

  it('is refused when it offers less than ever before, by either profile', async () => {
    for (const mechanisms of [['SCRAM-SHA-1'], ['PLAIN']]) {
      for (const script of [scriptedSasl2({ mechanisms }).script, { mechanisms }]) {
        const memory = { ...forgetfulLogins(DEVICE_ID), pins: { strongest: 2 } };
        const test = negotiation(script, { memory });
        expect(await test.end).to.equal('weaker-login');
        expect(test.said()).to.deep.equal([]);
        await test.close();
      }
    }
  });
});

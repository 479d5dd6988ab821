import { expect } from '@open-wc/testing';
import type { TokenCredentials } from '../../src/xmpp/auth/credentials.js';
import { forgetfulLogins } from '../../src/xmpp/auth/login-memory.js';
import { content, child, text, type XmlElement } from '../../src/xmpp/xml.js';
import { settle } from '../support/quiet.js';
import type { ScriptedServer, ServerScript } from '../support/scripted-server.js';
import { scriptedServer } from '../support/scripted-server.js';
import { negotiation, type TestNegotiation } from '../support/test-negotiation.js';
import { testSession } from '../support/test-session.js';
import { until } from '../support/until.js';

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const SASL2 = 'urn:xmpp:sasl:2';

const decoded = (base64: string): string => new TextDecoder().decode(Uint8Array.from(atob(base64), c => c.charCodeAt(0)));
const initial = (element: XmlElement): string => decoded(element.name === 'auth' ? content(element) : (text(element, 'initial-response', SASL2) ?? ''));
const tokenOf = (message: string): string => /auth=Bearer ([!-~]*)/u.exec(message)?.[1] ?? message.split('\0')[2] ?? '';

/** A server that takes the tokens given. */
const taking = (good: readonly string[], mechanisms: readonly string[] = ['OAUTHBEARER', 'PLAIN'], more: ServerScript = {}): ServerScript => ({
  mechanisms,
  ...more,
  intercept: (element, server) => {
    if (more.intercept?.(element, server)) return true;
    if (element.name === 'auth' || element.name === 'authenticate') {
      const ns = element.name === 'auth' ? SASL : SASL2;
      if (good.includes(tokenOf(initial(element)))) {
        server.enter('ana');
        server.push(ns === SASL ? `<success xmlns='${SASL}'/>` : `<success xmlns='${SASL2}'><authorization-identifier>ana@example.org</authorization-identifier></success>`);
        if (ns === SASL2) server.push(server.offer);
      } else if (element.attrs['mechanism'] === 'OAUTHBEARER') server.push(`<challenge xmlns='${ns}'>${btoa('{"status":"invalid_token"}')}</challenge>`);
      else server.push(`<failure xmlns='${ns}'><not-authorized xmlns='${SASL}'/></failure>`);
      return true;
    }
    if (element.name !== 'response') return false;
    server.push(`<failure xmlns='${child(element, 'x', SASL) ? SASL : (element.attrs['xmlns'] ?? SASL)}'><not-authorized xmlns='${SASL}'/></failure>`);
    return true;
  },
});

/** A site that gives these tokens, one after another. */
const site = (...tokens: readonly unknown[]): TokenCredentials & { readonly asked: () => number } => {
  let asked = 0;
  return { kind: 'token', username: 'ana', token: () => Promise.resolve(tokens[Math.min(asked++, tokens.length - 1)] as string), asked: () => asked };
};
const login = (script: ServerScript, credentials: TokenCredentials, server?: ScriptedServer): TestNegotiation => negotiation(script, { credentials, memory: forgetfulLogins() }, server);
const firsts = ({ server }: TestNegotiation): readonly string[] => server.received.filter(({ name }) => name === 'auth' || name === 'authenticate').map(initial);

describe('a login by a token of the site', () => {
  it('gives it as a bearer token, for the account that is meant', async () => {
    const test = login(taking(['good']), site('good'));
    expect(await test.end).to.equal('bound');
    expect(firsts(test)).to.deep.equal(['n,a=ana@example.org,\u0001auth=Bearer good\u0001\u0001']);
    await test.close();
  });

  it('says no account where only the token knows it', async () => {
    const { kind, token } = site('good');
    const test = login(taking(['good']), { kind, token });
    expect(await test.end).to.equal('bound');
    expect(firsts(test)).to.deep.equal(['n,,\u0001auth=Bearer good\u0001\u0001']);
    expect(test.server.received[0]?.attrs['from']).to.equal(undefined);
    await test.close();
  });

  it('gives it in the place of a password where the site says so', async () => {
    const test = login(taking(['good'], ['PLAIN', 'OAUTHBEARER', 'SCRAM-SHA-256']), { ...site('good'), mechanism: 'plain' });
    expect(await test.end).to.equal('bound');
    expect(firsts(test)).to.deep.equal(['\0ana\0good']);
    await test.close();
  });

  it('gives it as ejabberd has it where that is all there is', async () => {
    const test = login(taking(['good'], ['PLAIN', 'X-OAUTH2', 'SCRAM-SHA-1']), site('good'));
    expect(await test.end).to.equal('bound');
    expect(test.server.received.find(({ name }) => name === 'auth')?.attrs['mechanism']).to.equal('X-OAUTH2');
    expect(firsts(test)).to.deep.equal(['\0ana\0good']);
    await test.close();
  });

  it('never gives it in the place of a password unasked, nor by a mechanism that is not offered', async () => {
    for (const [mechanisms, mechanism] of [[['PLAIN', 'SCRAM-SHA-256'], 'oauthbearer'], [['OAUTHBEARER'], 'plain'], [[], 'oauthbearer']] as const) {
      const credentials = site('good');
      const test = login(taking(['good'], mechanisms), { ...credentials, mechanism });
      expect(await test.end).to.equal('no-mechanism');
      expect(credentials.asked()).to.equal(0);
      await test.close();
    }
  });

  it('goes by SASL2 where that takes it', async () => {
    const test = login(taking(['good'], [], { offers: user => (user === undefined ? `<authentication xmlns='${SASL2}'><mechanism>OAUTHBEARER</mechanism></authentication>` : '') }), site('good'));
    expect(await test.end).to.equal('bound');
    expect(test.said().slice(0, 1)).to.deep.equal(['authenticate']);
    await test.close();
  });

  it('keeps nothing', async () => {
    const test = login(taking(['good']), site('good'));
    await test.result;
    expect(test.memory.secret).to.deep.equal({});
    await test.close();
  });

  it('asks for a fresh token once where one is refused', async () => {
    for (const mechanisms of [['OAUTHBEARER'], ['X-OAUTH2']]) {
      const credentials = site('old', 'new');
      const test = login(taking(['new'], mechanisms), credentials);
      expect(await test.end).to.equal('bound');
      expect([credentials.asked(), test.memory.tokenRefused]).to.deep.equal([2, false]);
      await test.close();
    }
  });

  it('stops after the second that is refused', async () => {
    const credentials = site('old', 'bad', 'new');
    const test = login(taking(['new']), credentials);
    expect(await test.end).to.equal('token-refused');
    expect(credentials.asked()).to.equal(2);
    await test.close();
  });

  it('stops after the second also where the server hangs up in between', async () => {
    const credentials = site('old', 'bad', 'new');
    const script = taking(['new'], ['X-OAUTH2']);
    const memory = forgetfulLogins();
    const server = scriptedServer();
    const first = negotiation({ ...script, intercept: (element, its) => (element.name === 'auth' && credentials.asked() > 1 ? (its.drop(), true) : script.intercept?.(element, its)) }, { credentials, memory }, server);
    expect(await first.end).to.equal('connection-lost');
    const second = negotiation(script, { credentials: site('bad', 'bad'), memory }, server);
    expect(await second.end).to.equal('token-refused');
    expect(second.said().filter(name => name === 'auth')).to.have.length(1);
    await second.close();
  });

  it('says so where the page throws, or gives no token that can be sent', async () => {
    for (const token of [() => Promise.reject(new Error('no')), () => { throw new Error('at once'); }, () => Promise.resolve(''), () => Promise.resolve(undefined as unknown as string), () => Promise.resolve('a\u0001auth=Bearer b'), () => Promise.resolve('two words')]) {
      const test = login(taking(['good']), { kind: 'token', username: 'ana', token });
      expect(await test.end).to.equal('token-failed');
      expect(test.said()).to.deep.equal([]);
      await test.close();
    }
  });

  it('waits 15 seconds for the page, no longer', async () => {
    const test = login(taking(['good']), { kind: 'token', username: 'ana', token: () => new Promise(() => undefined) });
    await settle();
    await test.environment.advance(14_999);
    expect(test.said()).to.deep.equal([]);
    await test.environment.advance(1);
    expect(await test.end).to.equal('token-late');
    await test.close();
  });

  it('asks for a token for each login of a session', async () => {
    const credentials = site('good');
    const { session, server, environment, status } = testSession(taking(['good']), { credentials });
    session.connect();
    await status('online');
    server.drop();
    await environment.advance(5_000);
    await status('online');
    expect(credentials.asked()).to.equal(2);
    await session.destroy();
  });

  it('lets nobody in on another domain', async () => {
    const test = testSession(taking(['good'], ['OAUTHBEARER'], { domain: 'elsewhere.example' }), { credentials: site('good'), domain: 'example.org' });
    test.session.connect();
    await until('the refusal', () => test.problem === 'server-error', () => JSON.stringify(test.session.status.peek()));
    expect(test.session.account).to.equal(undefined);
    await test.session.destroy();
  });
});

import { expect } from '@open-wc/testing';
import { forgetfulLogins } from '../../src/xmpp/auth/login-memory.js';
import { attr } from '../../src/xmpp/xml.js';
import { settle } from '../support/quiet.js';
import { scriptedSasl2 } from '../support/scripted-sasl2.js';
import type { ServerScript } from '../support/scripted-server.js';
import { negotiation } from '../support/test-negotiation.js';
import { ANA, onlineSession, testSession, VISITOR } from '../support/test-session.js';

const mechanism = (server: { readonly received: readonly { readonly name: string; readonly attrs: Readonly<Record<string, string | undefined>> }[] }): string | undefined => server.received.filter(({ name }) => name === 'auth').at(-1)?.attrs['mechanism'];

/** The code of the problem that a login ends with, and how often it was tried. */
const failing = async (script: ServerScript, credentials: typeof ANA | typeof VISITOR | (typeof ANA & { password: string }) = ANA): Promise<string> => {
  const { session, server, environment, status } = testSession(script, { credentials });
  session.connect();
  const end = await status('failed');
  await environment.advance(600_000);
  expect(server.attempts).to.have.length(1);
  await settle();
  expect(server.open).to.equal(0);
  await session.destroy();
  return 'problem' in end ? end.problem.code : '';
};

describe('a login', () => {
  it('takes the strongest mechanism, wherever it stands in the list', async () => {
    for (const mechanisms of [['PLAIN', 'SCRAM-SHA-1', 'SCRAM-SHA-512', 'SCRAM-SHA-256'], ['SCRAM-SHA-512', 'PLAIN']]) {
      const { session, server } = await onlineSession({ mechanisms });
      expect(mechanism(server)).to.equal('SCRAM-SHA-512');
      await session.destroy();
    }
  });

  it('takes SCRAM-SHA-1 where there is nothing better', async () => {
    const { session, server } = await onlineSession({ mechanisms: ['PLAIN', 'SCRAM-SHA-1', 'X-OAUTH2'] });
    expect(mechanism(server)).to.equal('SCRAM-SHA-1');
    await session.destroy();
  });

  it('takes PLAIN on loopback when there is no SCRAM at all', async () => {
    const { session, server } = await onlineSession({ mechanisms: ['PLAIN'] });
    expect(mechanism(server)).to.equal('PLAIN');
    await session.destroy();
  });

  it('goes through with passwords of all scripts', async () => {
    for (const password of ['Пароль', 'é', '密码😀', 'a,b=c']) {
      for (const mechanisms of [['SCRAM-SHA-1'], ['PLAIN']]) {
        const { session } = await onlineSession({ mechanisms, accounts: { ana: password } }, { credentials: { ...ANA, password } });
        expect(session.online.peek()).to.equal(true);
        await session.destroy();
      }
    }
  });

  it('is tried once with a wrong password', async () => expect(await failing({ accounts: { ana: 'other' } })).to.equal('wrong-password'));
  it('ends where a guest is not let in', async () => expect(await failing({ mechanisms: ['PLAIN', 'SCRAM-SHA-1'] }, VISITOR)).to.equal('guests-refused'));
  it('ends where no mechanism is known', async () => expect(await failing({ mechanisms: ['X-OAUTH2', 'ANONYMOUS'] })).to.equal('no-mechanism'));
  it('ends where the signature of the server is wrong', async () => expect(await failing({ scram: { last: () => 'v=AAAA' } })).to.equal('server-not-genuine'));
  it('ends where the server signs nothing', async () => expect(await failing({ scram: { last: () => undefined } })).to.equal('server-not-genuine'));
  it('ends where the nonce is not ours', async () => expect(await failing({ scram: { nonce: () => 'other' } })).to.equal('server-not-genuine'));
  it('ends where a success comes straight away', async () =>
    expect(await failing({ intercept: ({ name }, server) => name === 'auth' && (server.push("<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"), true) })).to.equal('server-not-genuine'));
  it('ends where one iteration is asked for', async () => expect(await failing({ scram: { iterations: 1 } })).to.equal('unsafe-login'));
  it('ends where 20 million iterations are asked for', async () => expect(await failing({ scram: { iterations: 20_000_000 } })).to.equal('unsafe-login'));
  it('ends where binding is offered before the login', async () =>
    expect(
      await failing({
        intercept: ({ name }, server) => {
          if (name !== 'open') return false;
          server.push("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' version='1.0'/>");
          server.push("<stream:features xmlns:stream='http://etherx.jabber.org/streams'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></stream:features>");
          return true;
        },
      }),
    ).to.equal('no-mechanism'));

  it('never falls back to PLAIN once SCRAM was seen', async () => {
    const { session, server, environment, status } = await onlineSession({ mechanisms: ['SCRAM-SHA-1', 'PLAIN'] });
    server.script = { ...server.script, mechanisms: ['PLAIN'] };
    server.drop();
    await environment.advance(20_000);
    const end = await status('failed');
    expect('problem' in end && end.problem.code).to.equal('weaker-login');
    expect(server.received.filter(({ attrs }) => attrs['mechanism'] === 'PLAIN')).to.have.length(0);
    await session.destroy();
  });

  it('never takes a weaker SCRAM than before', async () => {
    const { session, server, environment, status } = await onlineSession({ mechanisms: ['SCRAM-SHA-256'] });
    server.script = { ...server.script, mechanisms: ['SCRAM-SHA-1'] };
    server.drop();
    await environment.advance(20_000);
    await status('failed');
    expect(mechanism(server)).to.equal('SCRAM-SHA-256');
    await session.destroy();
  });

  it('ends where the offer was changed on its way, by either profile', async () => {
    // The hash of what a genuine server offers: SCRAM-SHA-1 and SCRAM-SHA-256.
    const more = `,h=${btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-1', new TextEncoder().encode('SCRAM-SHA-1\u001ESCRAM-SHA-256')))))}`;
    const attacked = { mechanisms: ['SCRAM-SHA-1'], scram: { more } };
    const whole = { mechanisms: ['SCRAM-SHA-1', 'SCRAM-SHA-256'], scram: { more: ',h=AAAA' } };
    for (const script of [attacked, whole]) {
      expect(await failing(script)).to.equal('login-tampered');
      expect(await failing(scriptedSasl2(script).script)).to.equal('login-tampered');
    }
  });

  it('goes through where the server says that it offers what came', async () => {
    const more = `,h=${btoa(String.fromCharCode(...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('PLAIN\u001ESCRAM-SHA-1\u001ESCRAM-SHA-256')))))}`;
    for (const script of [{ scram: { more } }, scriptedSasl2({ scram: { more } }).script]) {
      const { session } = await onlineSession(script);
      expect(session.online.peek()).to.equal(true);
      await session.destroy();
    }
  });

  it('leaves keys that serve in the place of the password, until that changes', async () => {
    const SALT = { salt: 'c29tZSBzYWx0' };
    for (const made of [(script: ServerScript) => script, (script: ServerScript) => scriptedSasl2(script).script]) {
      const memory = forgetfulLogins();
      const first = negotiation(made({ scram: SALT }), { memory });
      expect(await first.end).to.equal('bound');
      await first.close();
      expect(JSON.stringify(memory.secret)).not.to.contain(':"secret"');
      delete memory.password;
      const ends = [
        [{ scram: SALT }, 'bound'],
        [{ scram: { salt: 'b3RoZXIgc2FsdA==' } }, 'secret-stale'],
        [{ scram: { ...SALT, iterations: 8192 } }, 'secret-stale'],
        [{ scram: SALT, accounts: { ana: 'other' } }, 'secret-stale'],
      ] as const;
      for (const [script, end] of ends) {
        const next = negotiation(made(script), { memory, credentials: { kind: 'secret', username: 'ana' } });
        expect(await next.end).to.equal(end);
        await next.close();
      }
    }
  });

  it('leaves the password in memory alone, for servers with another salt for each login or with none', async () => {
    for (const script of [{}, { mechanisms: ['PLAIN'] }]) {
      for (const made of [(given: ServerScript) => given, (given: ServerScript) => scriptedSasl2({ ...given, inline: [] }).script]) {
        const memory = forgetfulLogins();
        const first = negotiation(made(script), { memory });
        expect(await first.end).to.equal('bound');
        await first.close();
        expect(JSON.stringify(memory.secret)).not.to.contain(':"secret"');
        for (const [given, end] of [[script, 'bound'], [{ ...script, accounts: { ana: 'other' } }, 'secret-stale']] as const) {
          const next = negotiation(made(given), { memory, credentials: { kind: 'secret', username: 'ana' } });
          expect(await next.end).to.equal(end);
          await next.close();
        }
      }
    }
  });

  it('with a wrong password leaves none', async () => {
    const memory = forgetfulLogins();
    const test = negotiation({ accounts: { ana: 'other' } }, { memory });
    expect(await test.end).to.equal('wrong-password');
    expect(memory.password).to.equal(undefined);
    await test.close();
  });

  it('is not possible without the password where nothing was ever learnt', async () => {
    for (const script of [{}, { mechanisms: ['PLAIN'] }]) {
      const test = negotiation(script, { credentials: { kind: 'secret', username: 'ana' } });
      expect(await test.end).to.equal('secret-stale');
      expect(test.said()).to.deep.equal([]);
      await test.close();
    }
  });

  it('pins what a server offered that has proved itself', async () => {
    const memory = forgetfulLogins();
    const test = negotiation({ mechanisms: ['SCRAM-SHA-512'] }, { memory });
    await test.result;
    expect(memory.pins).to.deep.equal({ strongest: 3 });
    await test.close();
  });

  it('gives one answer to one challenge, however often the connection broke in the middle', async () => {
    const { session, server, environment, status } = await onlineSession();
    let breaks = 4;
    server.script = { ...server.script, intercept: ({ name }) => name === 'auth' && breaks > 0 && (breaks--, server.drop(), true) };
    server.drop();
    for (let round = 0; round < 4; round++) await environment.advance(120_000);
    await environment.advance(120_000);
    await status('online');
    expect(server.attempts).to.have.length(6);
    const since = server.received.length - [...server.received].reverse().findIndex(({ name }) => name === 'auth');
    expect(server.received.slice(since).filter(({ name }) => name === 'response')).to.have.length(1);
    await session.destroy();
  });

  it('says who it is for to the server, and never what the password is', async () => {
    const { session, server, log } = await onlineSession();
    const [open] = server.received;
    expect(open && attr(open, 'from')).to.equal('ana@example.org');
    expect(open && attr(open, 'to')).to.equal('example.org');
    expect(JSON.stringify([server.received.map(({ attrs, children }) => [attrs, children.filter(node => typeof node === 'string')]), log])).not.to.contain('secret');
    await session.destroy();
  });
});

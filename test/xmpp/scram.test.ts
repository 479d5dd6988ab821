import { expect } from '@open-wc/testing';
import { prepare } from '../../src/xmpp/auth/prepare.js';
import { scram } from '../../src/xmpp/auth/scram.js';
import type { ChatError } from '../../src/base/errors.js';

const SHA1 = {
  nonce: 'fyko+d2lbbFgONRv9qkxdawL',
  server: 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096',
  answer: 'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
  last: 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ=',
};
const SHA256 = {
  nonce: 'rOprNGfwEbeRWgbNEkqO',
  server: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  answer: 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  last: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
};

const codeOf = (act: () => unknown): Promise<string> => new Promise(resolve => resolve(act())).then(() => 'nothing', (error: unknown) => (error as ChatError).code);

describe('SCRAM', () => {
  for (const [hash, vector] of [['SHA-1', SHA1], ['SHA-256', SHA256]] as const) {
    it(`with ${hash} says what the RFC's example says`, async () => {
      const login = scram(hash, 'user', 'pencil', { nonce: vector.nonce });
      expect(login.first()).to.equal(`n,,n=user,r=${vector.nonce}`);
      expect(await login.respond(vector.server)).to.equal(vector.answer);
      login.finish(vector.last);
    });
  }

  const after = async (last: string | undefined): Promise<string> => {
    const login = scram('SHA-1', 'user', 'pencil', { nonce: SHA1.nonce });
    await login.respond(SHA1.server);
    return codeOf(() => login.finish(last));
  };
  it('takes no success without a signature', async () => expect(await after(undefined)).to.equal('server-not-genuine'));
  it('takes no success with an empty one', async () => expect(await after('')).to.equal('server-not-genuine'));
  it('takes no success with a wrong one', async () => expect(await after('v=rmF9pqV8S7suAoZWja5dJRkFsKQ=')).to.equal('server-not-genuine'));
  it('takes no success with the start of the right one', async () => expect(await after('v=rmF9pqV8')).to.equal('server-not-genuine'));
  it('takes no success with an error', async () => expect(await after('e=other-error')).to.equal('server-not-genuine'));
  it('takes no success before anything was proved', async () => expect(await codeOf(() => scram('SHA-1', 'user', 'pencil').finish(SHA1.last))).to.equal('server-not-genuine'));
  it('takes a last word that comes as a challenge', async () => {
    const login = scram('SHA-1', 'user', 'pencil', { nonce: SHA1.nonce });
    await login.respond(SHA1.server);
    expect(await login.respond(SHA1.last)).to.equal('');
    login.finish(undefined);
  });
  it('refuses a wrong last word that comes as a challenge', async () => {
    const login = scram('SHA-1', 'user', 'pencil', { nonce: SHA1.nonce });
    await login.respond(SHA1.server);
    expect(await codeOf(() => login.respond('v=AAAA'))).to.equal('server-not-genuine');
  });

  const challenges: readonly (readonly [string, string, string])[] = [
    ['a nonce that is not ours', 'r=other,s=QSXCR+Q6sek8bf92,i=4096', 'server-not-genuine'],
    ['a nonce that adds nothing', `r=${SHA1.nonce},s=QSXCR+Q6sek8bf92,i=4096`, 'server-not-genuine'],
    ['one iteration', `r=${SHA1.nonce}x,s=QSXCR+Q6sek8bf92,i=1`, 'unsafe-login'],
    ['20 million iterations', `r=${SHA1.nonce}x,s=QSXCR+Q6sek8bf92,i=20000000`, 'unsafe-login'],
    ['iterations that are no number', `r=${SHA1.nonce}x,s=QSXCR+Q6sek8bf92,i=4096x`, 'unsafe-login'],
    ['no salt', `r=${SHA1.nonce}x,s=,i=4096`, 'unsafe-login'],
    ['a salt that is no base64', `r=${SHA1.nonce}x,s=!!!!,i=4096`, 'unsafe-login'],
    ['an extension that must be understood', `m=x,r=${SHA1.nonce}x,s=QSXCR+Q6sek8bf92,i=4096`, 'unsafe-login'],
    ['nothing', '', 'unsafe-login'],
  ];
  for (const [what, challenge, code] of challenges) it(`refuses ${what}`, async () => expect(await codeOf(() => scram('SHA-1', 'user', 'pencil', { nonce: SHA1.nonce }).respond(challenge))).to.equal(code));

  it('writes commas and equal signs of a name so that they cannot be mistaken', () => expect(scram('SHA-1', 'a,b=c', 'x', { nonce: 'n' }).first()).to.equal('n,,n=a=2Cb=3Dc,r=n'));
});

describe('names and passwords', () => {
  it('are compared in one form', () => {
    expect(prepare('I\u00ADX')).to.equal('IX');
    expect(prepare('\u00AA')).to.equal('a');
    expect(prepare('\u2168')).to.equal('IX');
    expect(prepare('a\u00A0b')).to.equal('a b');
    expect(prepare('Пароль')).to.equal('Пароль');
  });
  it('hold no control characters', () => {
    for (const bad of ['a\u0007', '\u0000', 'a\u202Eb', '\ud800']) expect(() => prepare(bad)).to.throw('bad-characters');
  });
});

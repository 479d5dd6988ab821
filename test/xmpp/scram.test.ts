import { expect } from '@open-wc/testing';
import { prepare } from '../../src/xmpp/auth/prepare.js';
import type { ScramKeys } from '../../src/xmpp/auth/login-memory.js';
import { scram } from '../../src/xmpp/auth/scram.js';
import { hashedOffer } from '../../src/xmpp/xep/0474-downgrade.js';
import { parseXml, xml } from '../../src/xmpp/xml.js';
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

describe('the keys of a password', () => {
  const learnt = async (): Promise<ScramKeys> => {
    const login = scram('SHA-256', 'user', 'pencil', { nonce: SHA256.nonce });
    await login.respond(SHA256.server);
    expect(login.keys, 'nothing before the server has proved itself').to.equal(undefined);
    login.finish(SHA256.last);
    if (!login.keys) throw new Error('There are no keys.');
    return login.keys;
  };

  it('serve in its place, for its salt and count', async () => {
    const keys = await learnt();
    expect(JSON.stringify(keys)).not.to.contain('pencil');
    expect([keys.hash, keys.salt, keys.iterations]).to.deep.equal(['SHA-256', 'W22ZaJ0SNY7soEsUEjb6gQ==', 4096]);
    const login = scram('SHA-256', 'user', keys, { nonce: SHA256.nonce });
    expect(await login.respond(SHA256.server)).to.equal(SHA256.answer);
    login.finish(SHA256.last);
    expect(login.keys).to.deep.equal(keys);
  });

  it('have the server prove itself as well', async () => {
    const login = scram('SHA-256', 'user', await learnt(), { nonce: SHA256.nonce });
    await login.respond(SHA256.server);
    expect(await codeOf(() => login.finish('v=AAAA'))).to.equal('server-not-genuine');
    expect(login.keys).to.equal(undefined);
  });

  for (const [what, challenge] of [
    ['salt', SHA256.server.replace('W22Z', 'X22Z')],
    ['count', SHA256.server.replace('i=4096', 'i=8192')],
  ] as const) {
    it(`serve for no other ${what}`, async () => {
      const keys = await learnt();
      expect(await codeOf(() => scram('SHA-256', 'user', keys, { nonce: SHA256.nonce }).respond(challenge))).to.equal('secret-stale');
    });
  }

  it('serve for no other hash', async () => {
    const keys = await learnt();
    expect(await codeOf(() => scram('SHA-1', 'user', keys, { nonce: SHA256.nonce }).respond(SHA256.server))).to.equal('secret-stale');
  });
});

describe('what a server says that it offers (XEP-0474)', () => {
  const MECHANISMS = ['SCRAM-SHA-1-PLUS', 'SCRAM-SHA-1'];
  const bindings = parseXml("<f><sasl-channel-binding xmlns='urn:xmpp:sasl-cb:0'><channel-binding type='tls-server-end-point'/><channel-binding type='tls-exporter'/></sasl-channel-binding></f>") ?? xml('f');
  const answer = (offer: string, h: string): Promise<string> => codeOf(() => scram('SHA-1', 'user', 'pencil', { nonce: SHA1.nonce, offer }).respond(`${SHA1.server},h=${h}`));

  it('is put in order and hashed as the example has it', async () => {
    const offer = hashedOffer(MECHANISMS, bindings);
    expect(offer).to.equal('SCRAM-SHA-1\u001ESCRAM-SHA-1-PLUS\u001Ftls-exporter\u001Etls-server-end-point');
    expect(await answer(offer, 'G6k/rBLDqgOhRRaCuuatSDFkJ08=')).to.equal('nothing');
  });

  it('ends the login when it is not what came', async () => {
    for (const offer of [hashedOffer(['SCRAM-SHA-1'], bindings), hashedOffer(MECHANISMS, xml('f')), hashedOffer([...MECHANISMS, 'PLAIN'], bindings)]) expect(await answer(offer, 'G6k/rBLDqgOhRRaCuuatSDFkJ08=')).to.equal('login-tampered');
    expect(await answer(hashedOffer(MECHANISMS, bindings), '')).to.equal('login-tampered');
  });

  it('is looked for among extensions, under its own name', async () => {
    const offer = hashedOffer(MECHANISMS, bindings);
    const respond = (more: string): Promise<string> => codeOf(() => scram('SHA-1', 'user', 'pencil', { nonce: SHA1.nonce, offer }).respond(`${SHA1.server}${more}`));
    expect(await respond(',x=1,h=AAAA,y=2')).to.equal('login-tampered');
    expect(await respond(',xh=AAAA')).to.equal('nothing');
    expect(await respond('')).to.equal('nothing');
  });
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

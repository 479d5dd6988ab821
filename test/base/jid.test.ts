import { expect } from '@open-wc/testing';
import { bareJid, parseJid } from '../../src/base/jid.js';

describe('addresses', () => {
  it('normalises', () => {
    expect(parseJid('Ana@EXAMPLE.org/Phone')).to.deep.include({ local: 'ana', domain: 'example.org', resource: 'Phone', bare: 'ana@example.org', full: 'ana@example.org/Phone' });
    expect(bareJid('a@b/c@d/e')).to.equal('a@b');
    expect(bareJid('MÜNCHEN.example')).to.equal('münchen.example');
    expect(bareJid('xn--mnchen-3ya.example')).to.equal('xn--mnchen-3ya.example');
    expect(bareJid('ex\u00ADample.org')).to.equal('example.org');
    expect(bareJid('example.org.')).to.equal('example.org');
  });

  for (const text of ['', '@', '/', '@example.org', 'ana@', 'a b@example.org', 'a@b@c', 'ana@exam ple', 'ana@example.org/', 'ana@example.org/\u0000', `${'x'.repeat(1024)}@example.org`, 'a@b:5222', 'a@b?c', "a'b@example.org", '<a>@b', 'a@münchen／b', 'a@b＆ü', 'x'.repeat(4000)]) {
    it(`refuses ${JSON.stringify(text.slice(0, 30))} without throwing`, () => {
      expect(parseJid(text)).to.equal(undefined);
    });
  }

  it('refuses what is no text', () => {
    expect(parseJid(undefined)).to.equal(undefined);
    expect(parseJid(null)).to.equal(undefined);
  });
});

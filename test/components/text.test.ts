import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { isEmoji, pieces, visibleName } from '../../src/components/text.js';

const links = (text: string): readonly string[] => pieces(text).flatMap(piece => (typeof piece === 'string' ? [] : [piece.href]));
const shown = (text: string): string => pieces(text).map(piece => (typeof piece === 'string' ? piece : piece.text)).join('');

describe('links in a text', () => {
  const found: readonly (readonly [string, readonly string[]])[] = [
    ['see https://example.org/a?b=c#d', ['https://example.org/a?b=c#d']],
    ['HTTPS://EXAMPLE.ORG/', ['https://example.org/']],
    ['www.example.org', ['https://www.example.org/']],
    ['mailto:a@example.org xmpp:b@example.org?message tel:+351123 geo:1,2', ['mailto:a@example.org', 'xmpp:b@example.org?message', 'tel:+351123', 'geo:1,2']],
    ['https://a.example, https://b.example.', ['https://a.example/', 'https://b.example/']],
    ['(https://a.example/x_(y)) [https://b.example]', ['https://a.example/x_(y)', 'https://b.example/']],
    ['link:https://a.example/', ['https://a.example/']],
    ['“https://a.example/”', ['https://a.example/']],
    ['**https://a.example/** _https://b.example/_', ['https://a.example/', 'https://b.example/']],
    ['https://a.example/。', ['https://a.example/']],
  ];
  for (const [text, expected] of found) it(`are found in ${text}`, () => expect(links(text)).to.deep.equal(expected));

  const refused = [
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd',
    'https://', 'http://', 'https:// example.org', 'mailto:', 'xhttps://a.example', 'https://bank.example@evil.example/', 'https://user:word@evil.example/', 'https://[', 'about:blank',
  ];
  for (const text of refused) it(`are not made of ${JSON.stringify(text)}`, () => expect(links(text)).to.deep.equal([]));

  it('end before an invisible or direction character', () => {
    expect(links('https://a.example/\u202Egpj.exe')).to.deep.equal(['https://a.example/']);
    expect(links('https://a\u200B.example/')).to.deep.equal(['https://a/']);
  });

  it('never change what is shown', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('https://', 'www.', 'a', '.', '/', '(', ')', ' ', '\n', '@', ':', 'javascript:', '\u202E', '😀', '<', '"', '&') }), text => shown(text) === text));
  });

  it('never lead but where the list allows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('', 'javascript:', 'https://', 'data:', 'mailto:'), (text, before) =>
        links(before + text).every(href => /^(https?|mailto|xmpp|tel|geo):/u.test(href)),
      ),
    );
  });

  it('are found in a hostile text in a time that grows with its length only', () => {
    const hostile = ['https://a.example/' + ')'.repeat(60_000), 'https://a.example/x' + '()'.repeat(30_000), 'https://'.repeat(7_500), 'www.'.repeat(15_000), 'https://a.example/' + '.'.repeat(60_000)];
    for (const text of hostile) expect(shown(text)).to.equal(text);
  });
});

describe('names', () => {
  const names: readonly (readonly [string, string])[] = [
    ['Alice', 'Alice'],
    ['  Al\nice\t ', 'Al▯ice▯'],
    ['\u202Enimda', '▯nimda'],
    ['ad\u200Bmin', 'ad▯min'],
    ['ad\u200Dmin', 'ad▯min'],
    ['admin\u00AD\uFEFF\u2066x\u2069\u{E0041}', 'admin▯▯▯x▯▯'],
    ['👩\u200D👩\u200D👧 Ana', '👩\u200D👩\u200D👧 Ana'],
    ['❤\uFE0F', '❤\uFE0F'],
    ['می\u200Cخواهم', 'می\u200Cخواهم'],
    ['क्\u200Dष', 'क्\u200Dष'],
    ['\uD800', '▯'],
  ];
  for (const [name, expected] of names) it(`of ${JSON.stringify(name)} are shown as they are`, () => expect(visibleName(name)).to.equal(expected));

  it('have an end', () => expect(visibleName('W'.repeat(100_000)).length).to.be.at.most(200));
});

describe('emoji', () => {
  for (const text of ['😀', '👍🏽', '❤️', '👩‍👩‍👧', '🇵🇹', '1️⃣', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '😀 😀\n😀', '🏳️‍🌈']) it(`are ${text}`, () => expect(isEmoji(text)).to.equal(true));
  for (const text of ['', ' ', 'a', '1', '12', '#', '😀😀😀😀', '😀a', '©', '→', '\u200D', '😀'.repeat(50)]) it(`are not ${JSON.stringify(text)}`, () => expect(isEmoji(text)).to.equal(false));
});

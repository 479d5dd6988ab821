import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { LIMITS, parseElement, type Refusal } from '../../src/xmpp/parser.js';
import { attr, child, children, content, elements, is, NS, parseXml, serialize, text, xml, type XmlElement } from '../../src/xmpp/xml.js';

const refused = (source: string): Refusal | 'taken' => {
  const parsed = parseElement(source);
  return typeof parsed === 'string' ? parsed : 'taken';
};
const parsed = (source: string): XmlElement => {
  const element = parseXml(source);
  if (!element) throw new Error(`refused: ${source}`);
  return element;
};

describe('the parser refuses', () => {
  const frames: readonly (readonly [what: string, frame: string, refusal: Refusal])[] = [
    ['a DOCTYPE', '<!DOCTYPE a [<!ENTITY x "y">]><a/>', 'restricted-xml'],
    ['a DOCTYPE inside', '<a><!DOCTYPE b></a>', 'restricted-xml'],
    ['a comment', '<a><!-- b --></a>', 'restricted-xml'],
    ['CDATA', '<a><![CDATA[b]]></a>', 'restricted-xml'],
    ['an instruction', '<?xml version="1.0"?><a/>', 'restricted-xml'],
    ['an entity that XML does not know', '<a>&nbsp;</a>', 'restricted-xml'],
    ['an entity in an attribute', '<a b="&foo;"/>', 'restricted-xml'],
    ['an entity with the name of something else', '<a>&constructor;</a>', 'restricted-xml'],
    ['a bare ampersand', '<a>b & c</a>', 'not-well-formed'],
    ['a reference to a control character', '<a>&#0;</a>', 'not-well-formed'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>', 'not-well-formed'],
    ['a control character', '<a>\u0001</a>', 'not-well-formed'],
    ['half a surrogate pair', '<a>\ud800</a>', 'not-well-formed'],
    ['an end without a start', '</a>', 'not-well-formed'],
    ['an end of something else', '<a><b></a></b>', 'not-well-formed'],
    ['an end under another prefix', "<x:a xmlns:x='u' xmlns:y='u'></y:a>", 'not-well-formed'],
    ['an element that does not end', '<a><b/>', 'not-well-formed'],
    ['a start tag that does not end', '<message', 'not-well-formed'],
    ['two roots', '<a/><b/>', 'not-well-formed'],
    ['text after the root', '<a/>b', 'not-well-formed'],
    ['text before the root', 'b<a/>', 'not-well-formed'],
    ['text alone', 'hello', 'not-well-formed'],
    ['an attribute twice', '<a b="1" b="2"/>', 'not-well-formed'],
    ['an attribute twice under two prefixes', "<a xmlns:x='u' xmlns:y='u' x:b='1' y:b='2'/>", 'not-well-formed'],
    ['a namespace twice', "<a xmlns='u' xmlns='v'/>", 'not-well-formed'],
    ['an attribute without quotes', '<a b=c/>', 'not-well-formed'],
    ['an attribute without a value', '<a b/>', 'not-well-formed'],
    ['attributes without space between', '<a b="1"c="2"/>', 'not-well-formed'],
    ['a tag inside an attribute', '<a b="<"/>', 'not-well-formed'],
    ['the end of CDATA in text', '<a>]]></a>', 'not-well-formed'],
    ['a name that starts with a digit', '<1a/>', 'not-well-formed'],
    ['a name with two prefixes', '<a:b:c/>', 'not-well-formed'],
    ['an unbound prefix', '<x:a/>', 'bad-namespace-prefix'],
    ['an unbound prefix of an attribute', '<a x:b="1"/>', 'bad-namespace-prefix'],
    ['a prefix bound to nothing', "<a xmlns:x=''/>", 'bad-namespace-prefix'],
    ['the prefix xml bound anew', "<a xmlns:xml='u'/>", 'bad-namespace-prefix'],
  ];
  for (const [what, frame, refusal] of frames) it(what, () => expect(refused(frame)).to.equal(refusal));

  it('more than its limits', () => {
    expect(refused('<a>'.repeat(5_000) + '</a>'.repeat(5_000))).to.equal('policy-violation');
    expect(refused(`<a ${Array.from({ length: 100_000 }, (_, index) => `a${index}="1"`).join(' ')}/>`)).to.equal('policy-violation');
    expect(refused(`<a>${'<b/>'.repeat(LIMITS.nodes)}</a>`)).to.equal('policy-violation');
    expect(refused(`<a>${'b'.repeat(LIMITS.length)}</a>`)).to.equal('policy-violation');
  });

  it('nothing just inside its limits', () => {
    expect(refused('<a>'.repeat(LIMITS.depth) + '</a>'.repeat(LIMITS.depth))).to.equal('taken');
    expect(refused(`<a ${Array.from({ length: LIMITS.attributes }, (_, index) => `a${index}="1"`).join(' ')}/>`)).to.equal('taken');
    expect(refused(`<a>${'<b/>'.repeat(LIMITS.nodes - 1)}</a>`)).to.equal('taken');
    expect(refused(`<a>${'b'.repeat(LIMITS.length - 7)}</a>`)).to.equal('taken');
  });

  it('in time, whatever it is given', () => {
    const prefixes = Array.from({ length: 60 }, (_, depth) => `<a ${Array.from({ length: 60 }, (_each, index) => `xmlns:p${depth}x${index}='u'`).join(' ')}>`).join('');
    refused(`${prefixes}${"<b xmlns:q='u'/>".repeat(50_000)}${'</a>'.repeat(60)}`);
    for (const frame of [`<a>${'&amp;'.repeat(200_000)}</a>`, `<a b="${' '.repeat(900_000)}`, '<'.repeat(900_000), `<a${' '.repeat(900_000)}`, `<a>${'&'.repeat(900_000)}</a>`]) refused(frame);
  });

  it('anything that is not one element, and never throws', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), source => void parseXml(source)));
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom('<', '>', '/', '"', "'", '=', ' ', 'a', ':', '&', ';', '#', 'xmlns', '!', '?', ']') }), source => void parseXml(source)));
  });
});

describe('the parser reads', () => {
  it('an element with white space around it', () => expect(parsed(' \r\n<a/>\n').name).to.equal('a'));

  it('references, and line ends as one', () => {
    expect(content(parsed('<a>&lt;&amp;&gt;&quot;&apos;&#65;&#x1F600;\r\nb\rc</a>'))).to.equal('<&>"\'A😀\nb\nc');
    expect(attr(parsed('<a b="x\n&#10;\ty"/>'), 'b')).to.equal('x \n y');
  });

  it('prefixes as what they stand for', () => {
    const element = parsed("<s:error xmlns:s='urn:s' xmlns='urn:d'><s:b/><c/><d xmlns=''/></s:error>");
    expect(is(element, 'error', 'urn:s')).to.equal(true);
    expect(child(element, 'b', 'urn:s')).not.to.equal(undefined);
    expect(child(element, 'c', 'urn:d')).not.to.equal(undefined);
    expect(child(element, 'd', '')).not.to.equal(undefined);
  });

  it('a body only in the namespace of messages', () => {
    const evil = parsed("<message xmlns='jabber:client' xmlns:e='urn:evil'><e:body>1</e:body><body xmlns='urn:evil'>2</body><body xmlns=''>3</body></message>");
    expect(text(evil, 'body', NS.client)).to.equal(undefined);
    expect(children(evil, 'body', 'urn:evil')).to.have.length(2);
  });

  it('attributes only as its own', () => {
    const element = parsed("<a constructor='1' __proto__='2' x:id='3' xmlns:x='u'/>");
    expect(attr(element, 'constructor')).to.equal('1');
    expect(attr(element, 'id')).to.equal(undefined);
    expect(attr(parsed('<a/>'), 'toString')).to.equal(undefined);
  });

  it('what it wrote itself, whatever the texts are', () => {
    const texts = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(texts, texts, (value, body) => {
        const clean = (source: string): string => source.replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD');
        const again = parsed(serialize(xml('message', { id: value }, xml('body', {}, body))));
        expect(attr(again, 'id')).to.equal(clean(value));
        expect(text(again, 'body', NS.client) ?? '').to.equal(clean(body));
      }),
    );
  });

  it('an element that was taken out of another as it was in there', () => {
    const outer = parsed("<message xmlns='jabber:client' xmlns:y='urn:y'><y:inner y:z='1'><deep/></y:inner></message>");
    const [inner] = elements(outer);
    const again = parsed(serialize(inner ?? outer));
    expect(is(again, 'inner', 'urn:y')).to.equal(true);
    expect(again.attrs['y:z']).to.equal('1');
    expect(child(again, 'deep', NS.client)).not.to.equal(undefined);
  });
});

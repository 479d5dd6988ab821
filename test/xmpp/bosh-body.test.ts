import { expect } from '@open-wc/testing';
import { answeredMarker, BOSH_NS, buildBody, isEmpty, isMarked, marker, readBody, readTerms, withoutEcho, type Body } from '../../src/xmpp/transport/bosh-body.js';
import { attr, is, NS, parseXml, serialize, text, xml, type XmlElement } from '../../src/xmpp/xml.js';

const wrap = (payloads: string, attributes = ''): string => `<body xmlns='${BOSH_NS}' ${attributes}>${payloads}</body>`;
const read = (source: string): Body => readBody(source) ?? expect.fail('It cannot be read.');
const parsed = (source: string): XmlElement => parseXml(source) ?? expect.fail('It is no XML.');

describe('a wrapper that is built', () => {
  it('holds its payloads as they are, and nothing where there are none', () => {
    const message = serialize(xml('message', { to: 'a&b@example.org' }, xml('body', {}, '<1>')));
    const body = parsed(buildBody({ rid: '1', sid: 'x"y', type: undefined }, [message, message]));
    expect(is(body, 'body', BOSH_NS)).to.equal(true);
    expect(attr(body, 'sid')).to.equal('x"y');
    expect(body.children.length).to.equal(2);
    expect(buildBody({ rid: '1' })).to.equal(`<body xmlns="${BOSH_NS}" rid="1"/>`);
  });

  it('may ask for a sign, which only an answer to that very request is', () => {
    const body = buildBody({ rid: '7' }, [marker(7)]);
    expect(isMarked(body, 7)).to.equal(true);
    expect(isMarked(body, 8)).to.equal(false);
    const answer = (type: string, id: string): number | undefined => answeredMarker(parsed(`<iq xmlns='${NS.client}' type='${type}' id='${id}'/>`));
    expect(answer('result', 'bosh-7')).to.equal(7);
    expect(answer('error', 'bosh-7')).to.equal(7);
    for (const [type, id] of [['get', 'bosh-7'], ['result', 'bosh-'], ['result', 'bosh-7x'], ['result', `bosh-${'9'.repeat(30)}`]] as const) expect(answer(type, id)).to.equal(undefined);
    expect(answeredMarker(parsed("<iq xmlns='urn:evil' type='result' id='bosh-7'/>"))).to.equal(undefined);
  });
});

describe('an answer that is read', () => {
  const nothing: readonly (readonly [what: string, source: string])[] = [
    ['an empty text', ''],
    ['a web page', '<!doctype html><html><body>Bad Gateway</body></html>'],
    ['a web page that is XML', '<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>'],
    ['a wrapper of another namespace', '<body xmlns="urn:evil"/>'],
    ['a wrapper without a namespace', '<body/>'],
    ['two wrappers', `${wrap('')}${wrap('')}`],
    ['a wrapper that is cut', `<body xmlns='${BOSH_NS}'><message`],
    ['text beside the payloads', wrap('hello')],
    ['a DTD', `<!DOCTYPE body [<!ENTITY a "b">]>${wrap('')}`],
    ['an entity', wrap('<a>&nbsp;</a>')],
    ['a prefix that nothing declares', wrap('<stream:features/>')],
    ['an attribute twice', wrap('', "sid='1' sid='2'")],
    ['too many payloads of which one is broken', wrap(`${'<a/>'.repeat(120_000)}<b>`)],
  ];
  for (const [what, source] of nothing) it(`is nothing if it is ${what}`, () => expect(readBody(source)).to.equal(undefined));

  it('gives payloads that stand on their own', () => {
    const { elements } = read(wrap(`<stream:features xmlns:stream='${NS.streams}'><bind xmlns='${NS.bind}'/></stream:features>\n<iq xmlns='${NS.client}' type='result' id='1'/>`));
    const [features = expect.fail(), iq = expect.fail()] = elements;
    expect(is(features, 'features', NS.streams)).to.equal(true);
    expect(is(iq, 'iq', NS.client)).to.equal(true);
    expect(serialize(iq)).to.equal(`<iq xmlns="${NS.client}" type="result" id="1"/>`);
  });

  it('gives stanzas without a namespace of their own that of stanzas, with all that is in them, and nothing else', () => {
    const { elements } = read(wrap("<message><body>a</body><x xmlns='urn:x'/></message><uri>b</uri>"));
    const [message = expect.fail(), uri = expect.fail()] = elements;
    expect(text(message, 'body', NS.client)).to.equal('a');
    expect(is(uri, 'uri', BOSH_NS)).to.equal(true);
  });

  it('may be larger as a whole than any of its payloads may be', () => {
    const message = (id: number): string => `<message xmlns='${NS.client}' id='${id}' title='a > b'><body>${'x'.repeat(200_000)}</body></message>`;
    const { elements, wrapper } = read(wrap(Array.from({ length: 30 }, (_, id) => message(id)).join('\n'), "sid='s'"));
    expect(elements.map(element => attr(element, 'id'))).to.deep.equal(Array.from({ length: 30 }, (_, id) => String(id)));
    expect(attr(wrapper, 'sid')).to.equal('s');
  });

  it('has an error of its kind in the place of each stanza that is beyond the limits', () => {
    const deep = `<iq xmlns='${NS.client}' id='1'>${'<a>'.repeat(100)}${'</a>'.repeat(100)}</iq>`;
    const { elements } = read(wrap(`${deep}<message xmlns='${NS.client}' id='2'/><presence ${Array.from({ length: 100 }, (_, index) => `a${index}="/>"`).join(' ')}/>`));
    expect(elements.map(({ name, attrs }) => [name, attrs['type'], attrs['id']])).to.deep.equal([['iq', 'error', undefined], ['message', undefined, '2'], ['presence', 'error', undefined]]);
  });

  it('may say twice why the session ends, as ejabberd does', () => {
    const twice = "type='terminate' condition='remote-stream-error' type='terminate' condition='remote-stream-error'";
    const { wrapper } = read(wrap('', twice));
    expect(attr(wrapper, 'condition')).to.equal('remote-stream-error');
  });

  it('is empty if it brings nothing and ends nothing', () => {
    expect(isEmpty(read(wrap('')))).to.equal(true);
    expect(isEmpty(read(wrap('', "type='terminate'")))).to.equal(false);
    expect(isEmpty(read(wrap('<message/>')))).to.equal(false);
  });

  it('is empty, too, if it is the request itself', () => {
    const request = buildBody({ rid: '1', sid: 's' }, [serialize(xml('message', { to: 'bo@example.org', id: '1' }, xml('body', {}, 'mine')))]);
    expect(isEmpty(withoutEcho(read(request), request))).to.equal(true);
    const others = buildBody({ rid: '1', sid: 's' }, [serialize(xml('message', { from: 'bo@example.org', id: '1' }, xml('body', {}, 'mine')))]);
    expect(isEmpty(withoutEcho(read(others), request))).to.equal(false);
    expect(isEmpty(withoutEcho(read(request.replace(' rid="1"', '')), request))).to.equal(false);
  });
});

describe('what a server says of its session', () => {
  it('is believed within bounds', () => {
    const terms = (attributes: string) => readTerms(read(wrap('', attributes)), 50);
    expect(terms("sid='s' wait='30' requests='2' inactivity='60' polling='5'")).to.deep.equal({ sid: 's', wait: 30, requests: 2, inactivity: 60, polling: 5, pauses: false });
    expect(terms("sid='s' wait='9999' requests='99' maxpause='120'")).to.deep.equal({ sid: 's', wait: 50, requests: 2, inactivity: 0, polling: 0, pauses: true });
    expect(terms("sid='s' wait='-1' requests='0' inactivity='x' polling='1e9'")).to.deep.equal({ sid: 's', wait: 50, requests: 1, inactivity: 0, polling: 0, pauses: false });
    expect(terms("wait='30'")).to.equal(undefined);
  });
});

import { expect } from '@open-wc/testing';
import { readError } from '../../src/xmpp/stanza-error.js';
import { chatState, readChatState, stateMessage } from '../../src/xmpp/xep/0085-chat-states.js';
import { receipt, receiptRequest, receivedId, wantsReceipt } from '../../src/xmpp/xep/0184-receipts.js';
import { delayStamp } from '../../src/xmpp/xep/0203-delay.js';
import { enableCarbons, unwrapCarbon } from '../../src/xmpp/xep/0280-carbons.js';
import { archiveId, originId, originIdElement } from '../../src/xmpp/xep/0359-stanza-ids.js';
import { attr, NS, parseXml, serialize, text, xml, type XmlElement } from '../../src/xmpp/xml.js';

const message = (inside: string): XmlElement => parseXml(`<message xmlns='jabber:client'>${inside}</message>`) ?? xml('refused');

describe('chat states', () => {
  it('are read as they are written', () => expect(readChatState(xml('message', {}, chatState('composing')))).to.equal('composing'));
  it('are none in another namespace or under another name', () => {
    expect(readChatState(message('<composing/>'))).to.equal(undefined);
    expect(readChatState(message("<shouting xmlns='http://jabber.org/protocol/chatstates'/>"))).to.equal(undefined);
  });
  it('alone ask not to be stored', () =>
    expect(serialize(stateMessage('bo@example.org', 'paused'))).to.equal(
      '<message xmlns="jabber:client" to="bo@example.org" type="chat"><paused xmlns="http://jabber.org/protocol/chatstates"/><no-store xmlns="urn:xmpp:hints"/></message>',
    ));
});

describe('receipts', () => {
  it('are asked for and given', () => {
    expect(wantsReceipt(xml('message', {}, receiptRequest()))).to.equal(true);
    expect(wantsReceipt(message('<request/>'))).to.equal(false);
    const given = receipt('bo@example.org', 'a&b');
    expect(receivedId(parseXml(serialize(given)) ?? given)).to.equal('a&b');
    expect(attr(given, 'type')).to.equal('chat');
  });
  it('for nothing are none', () => {
    expect(receivedId(message("<received xmlns='urn:xmpp:receipts'/>"))).to.equal(undefined);
    expect(receivedId(message("<received xmlns='urn:xmpp:receipts' id=''/>"))).to.equal(undefined);
  });
});

describe('a delay', () => {
  const stamp = (value: string): number | undefined => delayStamp(message(`<delay xmlns='urn:xmpp:delay' stamp='${value}'/>`));
  it('is a time of XEP-0082', () => {
    expect(stamp('2002-09-10T23:08:25Z')).to.equal(Date.UTC(2002, 8, 10, 23, 8, 25));
    expect(stamp('2002-09-10T23:08:25.123456Z')).to.equal(Date.UTC(2002, 8, 10, 23, 8, 25, 123));
    expect(stamp('2002-09-10T23:08:25-02:00')).to.equal(Date.UTC(2002, 8, 11, 1, 8, 25));
  });
  it('is nothing else', () => {
    for (const bad of ['', '20020910T23:08:25', '2002-09-10', 'yesterday', '2002-13-40T99:99:99Z', '2002-09-10T23:08:25']) expect(stamp(bad)).to.equal(undefined);
    expect(delayStamp(message("<delay stamp='2002-09-10T23:08:25Z'/>"))).to.equal(undefined);
  });
});

describe('a carbon', () => {
  const inner = "<message xmlns='jabber:client' from='ana@example.org/a'><body>hi</body></message>";
  const carbon = (inside: string): XmlElement => message(`<sent xmlns='urn:xmpp:carbons:2'>${inside}</sent>`);
  const forwarded = (inside: string): string => `<forwarded xmlns='urn:xmpp:forward:0'>${inside}</forwarded>`;
  it('holds one message', () => {
    const out = unwrapCarbon(carbon(forwarded(inner)), 'sent');
    expect(out && text(out, 'body', NS.client)).to.equal('hi');
    expect(out && attr(out, 'from')).to.equal('ana@example.org/a');
  });
  it('of the other direction, empty, doubled or bare is none', () => {
    expect(unwrapCarbon(carbon(forwarded(inner)), 'received')).to.equal(undefined);
    for (const bad of ['', inner, forwarded(''), forwarded(inner + inner), forwarded("<message xmlns='urn:evil'/>"), forwarded(forwarded(inner))]) expect(unwrapCarbon(carbon(bad), 'sent')).to.equal(undefined);
    expect(unwrapCarbon(message(forwarded(inner)), 'sent')).to.equal(undefined);
  });
  it('is asked for', () => expect(serialize(enableCarbons())).to.equal('<iq xmlns="jabber:client" type="set"><enable xmlns="urn:xmpp:carbons:2"/></iq>'));
});

describe('ids', () => {
  const id = (by: string, value: string): string => `<stanza-id xmlns='urn:xmpp:sid:0' by='${by}' id='${value}'/>`;
  it('of an archive count only from that archive, the last of several', () => {
    const stanza = message(id('ana@example.org', '1') + id('Ana@Example.org', '2') + id('evil@example.net', '3'));
    expect(archiveId(stanza, 'ana@example.org')).to.equal('2');
    expect(archiveId(stanza, 'room@example.org')).to.equal(undefined);
    expect(archiveId(message("<stanza-id xmlns='urn:xmpp:sid:0' id='1'/>"), 'ana@example.org')).to.equal(undefined);
  });
  it('of the sender are read as they are written', () => {
    expect(originId(xml('message', {}, originIdElement('x')))).to.equal('x');
    expect(originId(message("<origin-id id='x'/>"))).to.equal(undefined);
  });
});

describe('an error of a stanza', () => {
  const error = (inside: string): XmlElement => parseXml(`<message xmlns='jabber:client' type='error'>${inside}</message>`) ?? xml('refused');
  const S = NS.stanzaErrors;
  const read = (inside: string): readonly unknown[] => {
    const { type, code, text } = readError(error(inside));
    return [type, code, text];
  };
  it('has a type, a condition, and words if there are any', () => {
    expect(read(`<error type='wait'><text xmlns='${S}'>no</text><item-not-found xmlns='${S}'/></error>`)).to.deep.equal(['wait', 'item-not-found', 'no']);
    expect(read(`<body>mine</body><error type='auth'><x xmlns='urn:x'/><gone xmlns='${S}'>xmpp:a@b</gone></error>`)).to.deep.equal(['auth', 'gone', undefined]);
  });
  it('without a condition is undefined-condition, and without a type that is known it is final', () => {
    for (const bad of ['', "<error type='cancel'/>", "<error><evil xmlns='urn:evil'/></error>", "<error type='evil'/>", `<error xmlns='urn:evil'><gone xmlns='${S}'/></error>`]) {
      expect(read(bad)).to.deep.equal(['cancel', 'undefined-condition', undefined]);
    }
  });
});

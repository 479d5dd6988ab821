import { expect } from '@open-wc/testing';
import { attr, child } from '../../src/xmpp/xml.js';
import { settle } from '../support/quiet.js';
import { accountChat, BO, endChats, idOf, saying, SUPPORT, visitorChat, type HeadlessChat, type HeadlessOptions } from '../support/headless-chat.js';

const NS = 'urn:xmpp:receipts';
const REQUEST = `<request xmlns='${NS}'/>`;
const FRIEND: Partial<HeadlessOptions> = { script: { accounts: { ana: 'secret' }, roster: `<item jid='${BO}' subscription='both'/>` } };
const given = ({ server }: HeadlessChat): readonly (string | undefined)[] => server.sent.flatMap(stanza => {
  const received = child(stanza, 'received', NS);
  return received ? [attr(received, 'id')] : [];
});
const receipt = ({ server }: HeadlessChat, from: string, id: string, ns = NS): void =>
  server.push(`<message xmlns='jabber:client' from='${from}' to='${server.jid}' id='r-${id}'><received xmlns='${ns}' id='${id}'/></message>`);

describe('receipts', () => {
  afterEach(endChats);

  it('are asked for, and make a message delivered', async () => {
    const it = await visitorChat();
    await it.conversation(SUPPORT).send('Did you get it?');
    const stanza = await it.server.next(saying('Did you get it?'));
    expect(child(stanza, 'request', NS)).not.to.equal(undefined);
    receipt(it, `${SUPPORT}/phone`, idOf(stanza));
    await it.state(SUPPORT, 'Did you get it?', 'delivered');
  });

  it('are believed from the addressee alone', async () => {
    const it = await visitorChat();
    await it.conversation(SUPPORT).send('Mine');
    const stanza = await it.server.next(saying('Mine'));
    await it.state(SUPPORT, 'Mine', 'sent');
    receipt(it, 'mallory@example.net', idOf(stanza));
    receipt(it, SUPPORT, idOf(stanza), 'urn:evil');
    receipt(it, SUPPORT, 'another-id');
    it.receive(SUPPORT, 'later');
    await it.arrival(SUPPORT, 'later');
    expect(it.message(SUPPORT, 'Mine')?.state).to.equal('sent');
  });

  it('are not taken back by an acknowledgement that comes later', async () => {
    const it = await visitorChat({ script: { mechanisms: ['ANONYMOUS'], intercept: ({ name }) => name === 'r' } });
    await it.conversation(SUPPORT).send('Fast friend');
    receipt(it, SUPPORT, idOf(await it.server.next(saying('Fast friend'))));
    await it.state(SUPPORT, 'Fast friend', 'delivered');
    it.server.push(`<a xmlns='urn:xmpp:sm:3' h='${it.server.sent.length - 1}'/>`);
    await settle();
    await it.environment.advance(1_000);
    expect(it.message(SUPPORT, 'Fast friend')?.state).to.equal('delivered');
  });

  it('are given to those who may see one’s presence', async () => {
    const it = await accountChat(FRIEND);
    it.receive(`${BO}/phone`, 'Hello', REQUEST, "type='chat' id='m1'");
    await it.arrival(BO, 'Hello');
    const stanza = await it.server.next(element => child(element, 'received', NS) !== undefined);
    expect(attr(stanza, 'to')).to.equal(BO);
    expect(given(it)).to.deep.equal(['m1']);
  });

  it('are not given to strangers, until one has answered them', async () => {
    const it = await accountChat();
    it.receive('stranger@example.net', 'Are you there?', REQUEST, "type='chat' id='m1'");
    await it.arrival('stranger@example.net', 'Are you there?');
    await settle();
    expect(given(it)).to.deep.equal([]);
    await it.conversation('stranger@example.net').send('Who asks?');
    await it.state('stranger@example.net', 'Who asks?', 'sent');
    it.receive('stranger@example.net', 'Me', REQUEST, "type='chat' id='m2'");
    await it.server.next(element => child(element, 'received', NS) !== undefined);
    expect(given(it)).to.deep.equal(['m2']);
  });

  it('are not given for carbons, for one’s own messages, without an id, or without a text', async () => {
    const it = await accountChat(FRIEND);
    it.server.push(`<message xmlns='jabber:client' from='ana@example.org' to='${it.server.jid}'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' type='chat' id='c' from='${BO}/x' to='ana@example.org/phone'><body>carbon</body>${REQUEST}</message></forwarded></received></message>`);
    it.receive(BO, 'no id', REQUEST, "type='chat'");
    it.server.push(`<message xmlns='jabber:client' from='${BO}' to='${it.server.jid}' type='chat' id='empty'>${REQUEST}</message>`);
    it.server.push(`<message xmlns='jabber:client' from='ana@example.org/phone' to='${it.server.jid}' type='chat' id='own'><body>to myself</body>${REQUEST}</message>`);
    it.receive(BO, 'honest', REQUEST, "type='chat' id='good'");
    await it.server.next(element => child(element, 'received', NS) !== undefined);
    expect(given(it)).to.deep.equal(['good']);
  });
});

import { expect } from '@open-wc/testing';
import { chatStates, type ChatStates } from '../../src/features/chat-states.js';
import { child } from '../../src/xmpp/xml.js';
import { BO, endChats, saying, SUPPORT, visitorChat, type HeadlessChat } from '../support/headless-chat.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';

const NS = 'http://jabber.org/protocol/chatstates';
const state = (name: string, ns = NS): string => `<${name} xmlns='${ns}'/>`;
const service = ({ chat }: HeadlessChat): ChatStates => {
  const its = chat.registry.find(chatStates).peek();
  if (!its) throw new Error('Nobody offers chat states');
  return its.value;
};
const composing = (it: HeadlessChat): readonly string[] => service(it).composing(SUPPORT).value;
const typing = ({ server }: HeadlessChat, name = 'composing', from = SUPPORT, ns = NS): void => server.push(`<message xmlns='jabber:client' type='chat' from='${from}/x' to='${server.jid}'>${state(name, ns)}</message>`);
const told = ({ server }: HeadlessChat): readonly string[] =>
  server.sent.flatMap(stanza => (stanza.name === 'message' && !child(stanza, 'body', 'jabber:client') ? ['active', 'composing', 'paused', 'inactive', 'gone'].filter(name => child(stanza, name, NS)) : []));
/** A conversation whose other side has shown that it understands. */
const understood = async (): Promise<HeadlessChat> => {
  const it = await visitorChat();
  it.receive(SUPPORT, 'Hello', state('active'));
  await it.arrival(SUPPORT, 'Hello');
  return it;
};

describe('chat states', () => {
  afterEach(endChats);

  it('show who types, until the message is there', async () => {
    const it = await visitorChat();
    typing(it);
    await until('typing', () => composing(it).includes(SUPPORT));
    it.receive(SUPPORT, 'Here it is', state('active'));
    await it.arrival(SUPPORT, 'Here it is');
    await until('an end', () => composing(it).length === 0);
    expect(it.texts(SUPPORT)).to.deep.equal(['Here it is']);
  });

  for (const end of ['paused', 'active', 'inactive', 'gone']) {
    it(`show the end of it by “${end}”`, async () => {
      const it = await visitorChat();
      typing(it);
      await until('typing', () => composing(it).length === 1);
      typing(it, end);
      await until('an end', () => composing(it).length === 0);
    });
  }

  it('forget who was typing when nothing more comes, and when the connection ends', async () => {
    const it = await visitorChat();
    typing(it);
    await until('typing', () => composing(it).length === 1);
    await it.environment.advance(31_000);
    expect(composing(it)).to.deep.equal([]);
    typing(it);
    await until('typing', () => composing(it).length === 1);
    it.server.drop();
    await until('an end', () => composing(it).length === 0);
  });

  it('of another conversation, or of another namespace, say nothing here, and are no messages', async () => {
    const it = await visitorChat();
    typing(it, 'composing', BO);
    typing(it, 'composing', SUPPORT, 'urn:evil');
    it.receive(SUPPORT, 'then');
    await it.arrival(SUPPORT, 'then');
    expect(composing(it)).to.deep.equal([]);
    expect(it.texts(SUPPORT)).to.deep.equal(['then']);
  });

  for (const address of ['constructor', '__proto__']) {
    it(`of an address called “${address}” are those of any other`, async () => {
      const it = await visitorChat();
      expect(service(it).composing(address).value).to.deep.equal([]);
      typing(it, 'composing', address);
      await until('typing', () => service(it).composing(address).value.includes(address));
      it.receive(address, 'then');
      await it.arrival(address, 'then');
      await until('an end', () => service(it).composing(address).value.length === 0);
      expect(it.errors()).to.deep.equal([]);
    });
  }

  it('are not told to whom has not shown that it understands', async () => {
    const it = await visitorChat();
    it.receive(SUPPORT, 'Hello');
    await it.arrival(SUPPORT, 'Hello');
    service(it).typed(SUPPORT, false);
    await it.environment.advance(10_000);
    expect(told(it)).to.deep.equal([]);
  });

  it('are told once while one types, once when one stops, and with the message', async () => {
    const it = await understood();
    for (let key = 0; key < 20; key++) service(it).typed(SUPPORT, false);
    await settle();
    expect(told(it)).to.deep.equal(['composing']);
    await it.environment.advance(6_000);
    expect(told(it)).to.deep.equal(['composing', 'paused']);
    service(it).typed(SUPPORT, false);
    await it.conversation(SUPPORT).send('Done');
    const stanza = await it.server.next(saying('Done'));
    expect(child(stanza, 'active', NS)).not.to.equal(undefined);
    await it.environment.advance(10_000);
    expect(told(it)).to.deep.equal(['composing', 'paused', 'composing']);
  });

  it('tell that the field is empty again', async () => {
    const it = await understood();
    service(it).typed(SUPPORT, false);
    service(it).typed(SUPPORT, true);
    service(it).typed(SUPPORT, true);
    await settle();
    expect(told(it)).to.deep.equal(['composing', 'active']);
  });

  it('are not worth storing, and say so', async () => {
    const it = await understood();
    service(it).typed(SUPPORT, false);
    const stanza = await it.server.next(element => child(element, 'composing', NS) !== undefined);
    expect(child(stanza, 'no-store', 'urn:xmpp:hints')).not.to.equal(undefined);
  });
});

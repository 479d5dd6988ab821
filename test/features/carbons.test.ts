import { expect } from '@open-wc/testing';
import { definePlugin } from '../../src/app/plugin.js';
import { stanzaHandlers } from '../../src/xmpp/slots.js';
import { attr, child } from '../../src/xmpp/xml.js';
import { accountChat, BO, endChats, type HeadlessChat } from '../support/headless-chat.js';
import { until } from '../support/until.js';

const ME = 'ana@example.org';
const inner = (from: string, to: string, text: string, more = ''): string => `<message xmlns='jabber:client' type='chat' id='${text}' from='${from}' to='${to}'><body>${text}</body>${more}</message>`;
const carbon = ({ server }: HeadlessChat, direction: string, inside: string, from: string | undefined = ME, ns = 'urn:xmpp:carbons:2'): void =>
  server.push(`<message xmlns='jabber:client'${from === undefined ? '' : ` from='${from}'`} to='${server.jid}'><${direction} xmlns='${ns}'><forwarded xmlns='urn:xmpp:forward:0'>${inside}</forwarded></${direction}></message>`);

describe('carbons', () => {
  afterEach(endChats);

  it('are switched on where the server has them', async () => {
    const { server } = await accountChat();
    await server.next(stanza => child(stanza, 'enable', 'urn:xmpp:carbons:2') !== undefined);
  });

  it('show what one’s other device sent and received', async () => {
    const it = await accountChat();
    carbon(it, 'sent', inner(`${ME}/phone`, BO, 'from my phone'));
    carbon(it, 'received', inner(`${BO}/x`, `${ME}/phone`, 'to my phone'));
    expect((await it.arrival(BO, 'from my phone')).mine).to.equal(true);
    expect(await it.arrival(BO, 'to my phone')).to.deep.include({ mine: false, sender: BO });
  });

  it('come without a sender too, as the own account needs none', async () => {
    const it = await accountChat();
    carbon(it, 'sent', inner(`${ME}/phone`, BO, 'no wrapper sender'), undefined);
    await it.arrival(BO, 'no wrapper sender');
  });

  it('come from the own address however the server writes it', async () => {
    const it = await accountChat();
    carbon(it, 'sent', inner(`${ME}/phone`, BO, 'in capitals'), 'Ana@Example.ORG');
    expect((await it.arrival(BO, 'in capitals')).mine).to.equal(true);
  });

  const forged: readonly (readonly [string, (it: HeadlessChat) => void])[] = [
    ['of a stranger', it => carbon(it, 'sent', inner(`${ME}/phone`, BO, 'forged'), 'mallory@example.net')],
    ['of one’s own full address', it => carbon(it, 'sent', inner(`${ME}/phone`, BO, 'forged'), `${ME}/phone`)],
    ['of the server', it => carbon(it, 'sent', inner(`${ME}/phone`, BO, 'forged'), 'example.org')],
    ['of an address that looks alike', it => carbon(it, 'sent', inner(`${ME}/phone`, BO, 'forged'), 'ana@example.org.evil.net')],
    ['whose message was sent by somebody else', it => carbon(it, 'sent', inner('mallory@example.net', BO, 'forged'))],
    ['whose message was received by somebody else', it => carbon(it, 'received', inner(BO, 'carol@example.org', 'forged'))],
    ['of another namespace', it => carbon(it, 'sent', inner(`${ME}/phone`, BO, 'forged'), ME, 'urn:evil')],
    ['inside a carbon', it => carbon(it, 'received', `<message xmlns='jabber:client' from='${ME}' to='${ME}/phone'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>${inner(`${ME}/phone`, BO, 'forged')}</forwarded></sent></message>`)],
    ['with two messages', it => carbon(it, 'sent', inner(`${ME}/phone`, BO, 'forged') + inner(`${ME}/phone`, BO, 'forged'))],
    ['with nothing inside', it => carbon(it, 'sent', '')],
  ];
  for (const [whose, push] of forged) {
    it(`${whose} are worth nothing, and the next good message arrives`, async () => {
      const it = await accountChat();
      push(it);
      it.receive(BO, 'honest');
      await it.arrival(BO, 'honest');
      expect(it.texts(BO)).to.deep.equal(['honest']);
      expect(it.model.conversations.value.map(({ id }) => id)).to.deep.equal([BO]);
      expect(it.errors()).to.deep.equal([]);
    });
  }

  it('of a room reach nobody, not even a plugin that knows rooms', async () => {
    const heard: string[] = [];
    const rooms = definePlugin({ id: 'rooms', setup: ctx => void ctx.add(stanzaHandlers, { claim: { kind: 'message', type: 'groupchat' }, handle: ({ stanza }) => void heard.push(attr(stanza, 'from') ?? '') }) });
    const it = await accountChat({ plugins: [rooms] });
    carbon(it, 'received', `<message xmlns='jabber:client' type='groupchat' from='room@rooms.example.org/forged' to='${ME}/phone'><body>forged</body></message>`);
    it.server.push(`<message xmlns='jabber:client' type='groupchat' from='room@rooms.example.org/bo' to='${it.server.jid}'><body>honest</body></message>`);
    await until('the honest one', () => heard.length > 0);
    expect(heard).to.deep.equal(['room@rooms.example.org/bo']);
  });
});

import { expect } from '@open-wc/testing';
import { definePlugin } from '../../src/app/plugin.js';
import { inbound } from '../../src/model/slots.js';
import { attr, child, text } from '../../src/xmpp/xml.js';
import { settle } from '../support/quiet.js';
import { accountChat, BO, endChats, SUPPORT, visitorChat, type HeadlessChat } from '../support/headless-chat.js';

const SID = 'urn:xmpp:sid:0';
const stanzaId = (id: string, by = 'ana@example.org'): string => `<stanza-id xmlns='${SID}' by='${by}' id='${id}'/>`;
/** Something that is surely through when what came before it is. */
const afterwards = async ({ receive, arrival }: HeadlessChat, from = BO): Promise<void> => {
  receive(from, 'and then', '', "type='chat' id='then'");
  await arrival(from, 'and then');
};

describe('what comes in', () => {
  afterEach(endChats);

  it('is stored, shown and told', async () => {
    const it = await accountChat();
    const heard: string[] = [];
    it.chat.on('message:received', ({ sender, body }) => heard.push(`${sender}: ${body ?? ''}`));
    it.receive(`${BO}/phone`, 'Hello');
    const message = await it.arrival(BO, 'Hello');
    expect(message).to.deep.include({ sender: BO, mine: false, conversation: BO });
    expect(heard).to.deep.equal([`${BO}: Hello`]);
    expect(it.model.conversations.value.map(({ id, unread }) => [id, unread.value])).to.deep.equal([[BO, { kind: 'exact', count: 1 }]]);
    expect(it.model.unread.value).to.equal(1);
  });

  it('is told to the server as received only once it is stored', async () => {
    let release!: () => void;
    const held = new Promise<void>(resolve => (release = resolve));
    const slow = definePlugin({ id: 'slow', setup: ctx => void ctx.add(inbound, { phase: 'read', run: async () => held }) });
    const it = await accountChat({ plugins: [slow] });
    await settle();
    const count = async (): Promise<number> => {
      it.server.push("<r xmlns='urn:xmpp:sm:3'/>");
      await settle();
      // The answer waits for what is being stored, but not for long.
      await it.environment.advance(1_000);
      return Number(attr(await it.server.next('a'), 'h'));
    };
    const before = await count();
    it.receive(BO, 'Wait');
    expect(await count()).to.equal(before);
    release();
    await it.arrival(BO, 'Wait');
    await settle();
    expect(await count()).to.equal(before + 1);
  });

  it('is shown in order and acknowledged when the disk is full, which is said once', async () => {
    const it = await accountChat();
    it.receive(BO, 'before');
    await it.arrival(BO, 'before');
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
    try {
      it.receive(BO, 'first');
      it.receive(BO, 'second');
      await it.arrival(BO, 'second');
      expect(it.texts(BO)).to.deep.equal(['before', 'first', 'second']);
      expect(it.errors(), 'it is said once').to.have.length(1);
      expect([it.chat.persistent.value, it.chat.unstored.value]).to.deep.equal([false, 'storage-full']);
    } finally {
      IDBObjectStore.prototype.put = put;
    }
  });

  it('is one message, however often and by whichever way it comes', async () => {
    const it = await accountChat();
    const heard: string[] = [];
    it.chat.on('message:received', ({ body }) => heard.push(body ?? ''));
    for (let copy = 0; copy < 3; copy++) it.receive(`${BO}/phone`, 'Once', stanzaId('7'), "type='chat' id='m1'");
    it.server.push(`<message xmlns='jabber:client' from='ana@example.org' to='${it.server.jid}'><received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' type='chat' id='m1' from='${BO}/phone' to='ana@example.org/other'><body>Once</body></message></forwarded></received></message>`);
    await afterwards(it);
    expect(it.texts(BO)).to.deep.equal(['Once', 'and then']);
    expect(heard).to.deep.equal(['Once', 'and then']);
  });

  it('is two messages under two ids of the archive, though all else agrees', async () => {
    const it = await accountChat();
    for (const id of ['1', '2']) it.receive(BO, 'Yes', stanzaId(id), "type='chat' id='same'");
    await afterwards(it);
    expect(it.texts(BO)).to.deep.equal(['Yes', 'Yes', 'and then']);
  });

  const forged: readonly (readonly [string, string])[] = [
    ['an archive that is not the account’s', stanzaId('7', 'evil@example.net')],
    ['an element of another namespace', "<stanza-id xmlns='urn:evil' by='ana@example.org' id='7'/>"],
  ];
  for (const [whose, element] of forged) {
    it(`does not take an id from ${whose}`, async () => {
      const it = await accountChat();
      it.receive(BO, 'Signed', element, "type='chat' id='m1'");
      expect((await it.arrival(BO, 'Signed')).archiveIds).to.deep.equal([]);
    });
  }

  it('believes no id of an archive before the account has said that it gives them', async () => {
    const it = await accountChat({ script: { accounts: { ana: 'secret' }, features: [] } });
    it.receive(BO, 'Signed', stanzaId('7'), "type='chat' id='m1'");
    expect((await it.arrival(BO, 'Signed')).archiveIds).to.deep.equal([]);
  });

  const hostile: readonly (readonly [string, string])[] = [
    ['a body of another namespace', `<message xmlns='jabber:client' from='${BO}' type='chat' id='x'><body xmlns='urn:evil'>Trick</body></message>`],
    ['a message of no address', "<message xmlns='jabber:client' from='@@@' type='chat' id='x'><body>Trick</body></message>"],
    ['an empty body', `<message xmlns='jabber:client' from='${BO}' type='chat' id='x'><body/></message>`],
    ['a headline', `<message xmlns='jabber:client' from='${BO}' type='headline' id='x'><body>Trick</body></message>`],
    ['a message of an unknown type', `<message xmlns='jabber:client' from='${BO}' type='telepathy' id='x'><body>Trick</body></message>`],
    ['a message of a room that was not joined', `<message xmlns='jabber:client' from='room@rooms.example.org/Bo' type='groupchat' id='x'><body>Trick</body></message>`],
    ['a forwarded message without a claim on it', `<message xmlns='jabber:client' from='${BO}' type='chat' id='x'><forwarded xmlns='urn:xmpp:forward:0'><message xmlns='jabber:client' from='carol@example.org'><body>Trick</body></message></forwarded></message>`],
    ['a forwarded message inside an error', `<message xmlns='jabber:client' from='${BO}' type='error' id='x'><body>Trick</body></message>`],
  ];
  for (const [what, frame] of hostile) {
    it(`keeps nothing of ${what}, and the next good message arrives`, async () => {
      const it = await accountChat();
      it.server.push(frame);
      await afterwards(it);
      expect(it.texts(BO)).to.deep.equal(['and then']);
      expect(it.model.conversations.value.map(({ id }) => id)).to.deep.equal([BO]);
    });
  }

  it('keeps every character of a text, and takes none of it for anything else', async () => {
    const it = await accountChat();
    const wild = '<img src=x onerror=alert(1)> \u202Egnp.exe 👩‍👩‍👧 &amp; ]]>';
    it.receive(BO, wild.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
    await it.arrival(BO, wild);
  });

  it('takes a text of 60 kB and an id of 60 kB without harm', async () => {
    const it = await accountChat();
    const long = 'ж'.repeat(30_000);
    it.receive(BO, long, '', `type='chat' id='${'i'.repeat(60_000)}'`);
    expect((await it.arrival(BO, long)).messageId).to.equal('');
  });

  it('shows the time that a delayed message claims, and lets it move nothing', async () => {
    const it = await accountChat();
    it.receive(BO, 'first');
    await it.arrival(BO, 'first');
    it.receive(BO, 'ancient', "<delay xmlns='urn:xmpp:delay' stamp='1999-01-01T00:00:00Z'/>");
    const { time } = await it.arrival(BO, 'ancient');
    expect(new Date(time).getUTCFullYear()).to.equal(1999);
    expect(it.texts(BO)).to.deep.equal(['first', 'ancient']);
  });

  it('came at the latest when it came: a time in the future does not keep a conversation on top', async () => {
    const it = await accountChat();
    it.receive('mallory@example.net', 'for ever first', "<delay xmlns='urn:xmpp:delay' stamp='9999-01-01T00:00:00Z'/>");
    await it.arrival('mallory@example.net', 'for ever first');
    await it.environment.advance(1000);
    it.receive(BO, 'newer');
    await it.arrival(BO, 'newer');
    expect(it.model.conversations.value.map(({ id }) => id)).to.deep.equal([BO, 'mallory@example.net']);
  });

  it('goes on when a plugin’s step throws, and keeps the text that could be read', async () => {
    const broken = definePlugin({ id: 'broken', setup: ctx => void ctx.add(inbound, { phase: 'apply', run: () => { throw new Error('boom'); } }) });
    const it = await accountChat({ plugins: [broken] });
    it.receive(BO, 'Still here');
    await it.arrival(BO, 'Still here');
    expect(it.errors()).to.deep.equal(['broken: boom']);
  });

  it('drops what a plugin drops', async () => {
    const censor = definePlugin({ id: 'censor', setup: ctx => void ctx.add(inbound, { phase: 'read', run: ({ body }) => (body === 'spam' ? 'drop' : undefined) }) });
    const it = await accountChat({ plugins: [censor] });
    it.receive(BO, 'spam');
    await afterwards(it);
    expect(it.texts(BO)).to.deep.equal(['and then']);
  });

  it('waits, stored, for a plugin that is not ready, over a reload, and is shown when it is', async () => {
    const opener = (ready: boolean) => definePlugin({
      id: 'opener',
      setup: ctx => void ctx.add(inbound, {
        phase: 'open',
        run: draft => {
          if (!child(draft.stanza, 'riddle', 'urn:riddle')) return undefined;
          if (!ready) return 'defer';
          draft.body = `solved: ${text(draft.stanza, 'riddle', 'urn:riddle') ?? ''}`;
          return undefined;
        },
      }),
    });
    const first = await accountChat({ plugins: [opener(false)] });
    first.receive(BO, 'no reader for this', "<riddle xmlns='urn:riddle'>sphinx</riddle>");
    await afterwards(first);
    expect(first.texts(BO)).to.deep.equal(['and then']);
    const second = await first.reloaded({ plugins: [opener(true)] });
    await second.chat.logIn('ana@example.org', 'secret');
    await second.arrival(BO, 'solved: sphinx');
  });

  it('is opened once: a ratchet never sees another copy of what it has opened', async () => {
    const opened: string[] = [];
    const ratchet = definePlugin({
      id: 'ratchet',
      setup: ctx => void ctx.add(inbound, {
        phase: 'open',
        run: draft => {
          const sealed = text(draft.stanza, 'sealed', 'urn:sealed');
          if (sealed === undefined) return;
          opened.push(sealed);
          draft.body = sealed.toUpperCase();
          draft.commitWith.push(tx => tx.set('ana@example.org', 'ratchet', opened.length));
        },
      }),
    });
    const it = await accountChat({ plugins: [ratchet] });
    for (const word of ['one', 'one', 'two', 'one']) it.receive(BO, '[sealed]', `<sealed xmlns='urn:sealed'>${word}</sealed>`, `type='chat' id='${word}'`);
    await it.arrival(BO, 'TWO');
    await afterwards(it);
    expect(opened).to.deep.equal(['one', 'two']);
    expect(it.texts(BO)).to.deep.equal(['ONE', 'TWO', 'and then']);
  });

  it('reaches a visitor from the address that was asked, at the address of the visit', async () => {
    const it = await visitorChat();
    it.receive(`${SUPPORT}/desk`, 'How can I help?');
    await it.arrival(SUPPORT, 'How can I help?');
    expect(it.server.jid).to.contain('visitor-');
  });
});

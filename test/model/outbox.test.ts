import { expect } from '@open-wc/testing';
import { definePlugin } from '../../src/app/plugin.js';
import { outbound } from '../../src/model/slots.js';
import { attr, child, serialize } from '../../src/xmpp/xml.js';
import { accountChat, BO, endChats, idOf, saying, SUPPORT, visitorChat, written } from '../support/headless-chat.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';

const SM = 'urn:xmpp:sm:3';
/** A server that takes messages and says nothing about them. */
const mute = { intercept: (element: { readonly name: string }) => element.name === 'r' };

describe('outbox', () => {
  afterEach(endChats);

  it('sends a message under one id and calls it sent once the server has it', async () => {
    const { server, conversation, state } = await visitorChat();
    await conversation(SUPPORT).send('Hello');
    const stanza = await server.next(saying('Hello'));
    expect(attr(stanza, 'to')).to.equal(SUPPORT);
    expect(attr(stanza, 'type')).to.equal('chat');
    const origin = child(stanza, 'origin-id', 'urn:xmpp:sid:0');
    expect(origin && attr(origin, 'id')).to.equal(idOf(stanza));
    const { messageId } = await state(SUPPORT, 'Hello', 'sent');
    expect(messageId).to.equal(idOf(stanza));
  });

  it('keeps the order of writing', async () => {
    const { server, conversation, state } = await visitorChat();
    const texts = Array.from({ length: 20 }, (_, index) => `line ${index}`);
    await Promise.all(texts.map(text => conversation(SUPPORT).send(text)));
    await state(SUPPORT, 'line 19', 'sent');
    expect(written(server)).to.deep.equal(texts);
  });

  it('keeps what was written offline, shows it as queued, and sends it exactly once', async () => {
    const { server, environment, conversation, state } = await visitorChat({ reachable: false });
    await conversation(SUPPORT).send('Later');
    await state(SUPPORT, 'Later', 'queued');
    expect(written(server)).to.deep.equal([]);
    server.reachability = 'open';
    await environment.advance(10_000);
    await state(SUPPORT, 'Later', 'sent');
    expect(written(server)).to.deep.equal(['Later']);
  });

  it('does not hand a guest’s message to a connection of which nobody knows whether it is there', async () => {
    const { server, environment, chat, conversation, state } = await visitorChat();
    server.silent = true;
    await environment.advance(30_000);
    expect(chat.status.peek().name).to.equal('verifying');
    await conversation(SUPPORT).send('Are you there?');
    // As long as it takes otherwise.
    for (let turn = 0; turn < 20; turn += 1) await settle();
    await state(SUPPORT, 'Are you there?', 'queued');
    expect(written(server)).to.deep.equal([]);
    await environment.advance(10_000);
    expect(chat.status.peek().name).to.equal('waiting');
    server.silent = false;
    await environment.advance(30_000);
    await state(SUPPORT, 'Are you there?', 'sent');
    expect(written(server)).to.deep.equal(['Are you there?']);
  });

  it('hands it over when the server answers after all', async () => {
    const { server, environment, chat, conversation, state } = await visitorChat();
    server.silent = true;
    await environment.advance(30_000);
    await conversation(SUPPORT).send('Are you there?');
    server.silent = false;
    server.push("<presence xmlns='jabber:client' from='support@example.org/x'/>");
    await state(SUPPORT, 'Are you there?', 'sent');
    expect(chat.status.peek().name).to.equal('online');
    expect(written(server)).to.deep.equal(['Are you there?']);
  });

  it('hands what never reached a socket on to the next page, which sends it once', async () => {
    const first = await visitorChat({ reachable: false });
    await first.conversation(SUPPORT).send('From before');
    const { id } = await first.state(SUPPORT, 'From before', 'queued');
    const second = await first.reloaded();
    expect((await second.arrival(SUPPORT, 'From before')).id).to.equal(id);
    second.server.reachability = 'open';
    await second.environment.advance(10_000);
    await second.state(SUPPORT, 'From before', 'sent');
    expect(written(second.server)).to.deep.equal(['From before']);
  });

  it('calls a message unconfirmed when the connection breaks before the server said that it has it, and does not send it again by itself', async () => {
    const { server, environment, conversation, state, online } = await visitorChat({ script: mute });
    await conversation(SUPPORT).send('Under way');
    await server.next(saying('Under way'));
    server.drop();
    await state(SUPPORT, 'Under way', 'unconfirmed');
    await environment.advance(10_000);
    await online();
    await settle();
    expect(written(server)).to.deep.equal(['Under way']);
  });

  it('calls what an earlier page had written to a socket unconfirmed', async () => {
    const first = await visitorChat({ script: mute });
    await first.conversation(SUPPORT).send('Was it sent?');
    await first.server.next(saying('Was it sent?'));
    await first.state(SUPPORT, 'Was it sent?', 'sending');
    const second = await first.reloaded();
    await second.state(SUPPORT, 'Was it sent?', 'unconfirmed');
  });

  it('sends the same bytes under the same id when a person asks for it again', async () => {
    const { server, environment, conversation, state, online } = await visitorChat({ script: mute });
    await conversation(SUPPORT).send('Again');
    const once = await server.next(saying('Again'));
    server.drop();
    const { id } = await state(SUPPORT, 'Again', 'unconfirmed');
    server.script = { mechanisms: ['ANONYMOUS'] };
    await environment.advance(10_000);
    await online();
    await conversation(SUPPORT).retry(id);
    const twice = await server.next(saying('Again'));
    expect(serialize(twice)).to.equal(serialize(once));
    await state(SUPPORT, 'Again', 'sent');
  });

  it('takes the archive’s word, or a carbon’s, that an unconfirmed message arrived', async () => {
    const { server, environment, conversation, state, online, chat } = await accountChat({ script: { accounts: { ana: 'secret' }, features: ['urn:xmpp:sid:0', 'urn:xmpp:carbons:2'], ...mute } });
    await conversation(BO).send('Doubtful');
    const stanza = await server.next(saying('Doubtful'));
    server.drop();
    await state(BO, 'Doubtful', 'unconfirmed');
    await environment.advance(10_000);
    await online();
    await settle();
    server.push(`<message xmlns='jabber:client' from='ana@example.org' to='${server.jid}'><sent xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'>${serialize(stanza).replace('<message ', `<message from="ana@example.org/other" `)}</forwarded></sent></message>`);
    await state(BO, 'Doubtful', 'sent');
    expect(conversation(BO).timeline.messages.peek()).to.have.length(1);
    expect(chat.status.peek().name).to.equal('online');
  });

  it('makes a message fail with the addressee’s reason, and nobody else’s', async () => {
    const { server, conversation, state, receive, arrival } = await visitorChat();
    await conversation(SUPPORT).send('Anybody there?');
    const stanza = await server.next(saying('Anybody there?'));
    await state(SUPPORT, 'Anybody there?', 'sent');
    const bounce = (from: string): void =>
      server.push(`<message xmlns='jabber:client' type='error' id='${idOf(stanza)}' from='${from}' to='${server.jid}'><error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/><text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>Gone home</text></error></message>`);
    bounce('mallory@example.net');
    receive(SUPPORT, 'a later one');
    await arrival(SUPPORT, 'a later one');
    await state(SUPPORT, 'Anybody there?', 'sent');
    bounce(SUPPORT);
    const { error } = await state(SUPPORT, 'Anybody there?', 'failed');
    expect(error).to.deep.equal({ code: 'service-unavailable', text: 'Gone home' });
  });

  it('writes a refused message anew under its own id when a person tries again, and forgets a discarded one', async () => {
    const { server, conversation, state, message } = await visitorChat();
    await conversation(SUPPORT).send('Try');
    const stanza = await server.next(saying('Try'));
    await state(SUPPORT, 'Try', 'sent');
    server.push(`<message xmlns='jabber:client' type='error' id='${idOf(stanza)}' from='${SUPPORT}' to='${server.jid}'><error type='wait'><resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>`);
    const { id } = await state(SUPPORT, 'Try', 'failed');
    await conversation(SUPPORT).retry(id);
    const again = await server.next(saying('Try'));
    expect(idOf(again)).to.equal(idOf(stanza));
    const sent = await state(SUPPORT, 'Try', 'sent');
    expect(sent.id).to.equal(id);
    expect(sent.error).to.equal(undefined);
    await conversation(SUPPORT).discard(id);
    expect(message(SUPPORT, 'Try')).to.equal(undefined);
  });

  it('refuses to send in the clear what asks for a seal that nobody made', async () => {
    const wish = definePlugin({ id: 'lock', setup: ctx => void ctx.add(outbound, { phase: 'seal', run: () => undefined }) });
    const { conversation, state, server, chat } = await visitorChat({ plugins: [wish] });
    const its = conversation(SUPPORT);
    await its.send('In the clear');
    await state(SUPPORT, 'In the clear', 'sent');
    await its.protect('lock');
    await its.send('Secret');
    const { error } = await state(SUPPORT, 'Secret', 'failed');
    expect(error?.code).to.equal('not-sealed');
    expect(written(server)).to.deep.equal(['In the clear']);
    expect(chat.status.peek().name).to.equal('online');
  });

  for (const page of ['the same page', 'the next page']) {
    it(`seals anew in ${page} what could not be written, as a seal may be asked for by then`, async () => {
      const first = await visitorChat();
      const { put } = IDBObjectStore.prototype;
      // The connection breaks while the attempt is being stored.
      IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: { readonly attempted?: boolean }) {
        if (value.attempted) first.server.drop();
        return put.call(this, value);
      };
      await first.conversation(SUPPORT).send('Between us');
      await until('the break', () => first.chat.status.peek().name === 'waiting', () => JSON.stringify([first.chat.status.peek(), first.server.received.map(({ name }) => name), first.errors()]), 3000);
      await settle();
      IDBObjectStore.prototype.put = put;
      await first.state(SUPPORT, 'Between us', 'queued');
      await first.conversation(SUPPORT).protect('lock');
      const its = page === 'the same page' ? first : await first.reloaded();
      await its.environment.advance(10_000);
      await its.online();
      expect((await its.state(SUPPORT, 'Between us', 'failed')).error?.code).to.equal('not-sealed');
      expect(written(its.server)).to.deep.equal([]);
    });
  }

  it('sends what a plugin sealed, once, under the conversation’s protection', async () => {
    let sealed = 0;
    const lock = definePlugin({
      id: 'lock',
      setup: ctx => void ctx.add(outbound, {
        phase: 'seal',
        run: draft => {
          sealed += 1;
          draft.secret = {};
          draft.sealedBy = 'lock';
        },
      }),
    });
    const { conversation, state, server } = await visitorChat({ plugins: [lock] });
    await conversation(SUPPORT).protect('lock');
    await conversation(SUPPORT).send('Secret');
    await state(SUPPORT, 'Secret', 'sent');
    expect(written(server)).to.deep.equal([]);
    expect(sealed).to.equal(1);
  });

  it('fails a message whose step throws, with the rest going on', async () => {
    const picky = definePlugin({
      id: 'picky',
      setup: ctx => void ctx.add(outbound, { phase: 'compose', run: ({ secret }) => { if (secret.body === 'bad') throw new Error('I will not'); } }),
    });
    const { conversation, state, server } = await visitorChat({ plugins: [picky] });
    let refusal = '';
    await conversation(SUPPORT).send('bad').catch((error: { readonly code: string }) => (refusal = error.code));
    expect(refusal).to.equal('refused');
    await conversation(SUPPORT).send('good');
    await state(SUPPORT, 'good', 'sent');
    expect(written(server)).to.deep.equal(['good']);
  });

  it('lets one of two pages send what both found waiting', async () => {
    const first = await visitorChat({ reachable: false });
    await first.conversation(SUPPORT).send('One of us');
    const second = await visitorChat({ reachable: false, server: first.server, database: first.database, environment: first.environment });
    first.server.reachability = 'open';
    await first.environment.advance(20_000);
    await first.online();
    await second.online();
    await settle();
    expect(written(first.server)).to.deep.equal(['One of us']);
  });

  it('says that a text is empty or too long before anything is stored', async () => {
    const { conversation, texts } = await visitorChat();
    const codes: string[] = [];
    for (const text of ['  \n', 'x'.repeat(65_537)]) await conversation(SUPPORT).send(text).catch((error: { readonly code: string }) => codes.push(error.code));
    expect(codes).to.deep.equal(['empty', 'too-long']);
    expect(texts(SUPPORT)).to.deep.equal([]);
  });

  it('asks a server without stream management by a ping whether a message arrived', async () => {
    const { server, conversation, state } = await visitorChat({ script: { sm: false } });
    await conversation(SUPPORT).send('Old server');
    await state(SUPPORT, 'Old server', 'sent');
    expect(server.received.some(element => element.name === 'r' && attr(element, 'xmlns') === SM)).to.equal(false);
  });
});

import { expect } from '@open-wc/testing';
import { BO, endChats, saying, SUPPORT, visitorChat, written, accountChat, type HeadlessChat, type HeadlessOptions } from '../support/headless-chat.js';
import { settle } from '../support/quiet.js';
import { scriptedSm, type ScriptedSm } from '../support/scripted-sm.js';
import { until } from '../support/until.js';

const FEATURES = ['urn:xmpp:sid:0', 'urn:xmpp:carbons:2'];

/** Ana's page at a server that remembers streams. */
const open = async (sm: ScriptedSm, more: Partial<HeadlessOptions> = {}): Promise<HeadlessChat> =>
  accountChat({ script: { accounts: { ana: 'secret' }, features: FEATURES, ...sm.script }, ...more });
/** The page is gone from one moment to the next; its successor has the same disk and server. */
const crash = async (page: HeadlessChat): Promise<Partial<HeadlessOptions>> => {
  page.server.reachability = 'refused';
  page.server.drop();
  page.server.silent = false;
  await page.chat.destroy();
  return { database: page.database, server: page.server };
};
/** The page is left in good order, as by a reload. */
const leave = async (page: HeadlessChat): Promise<Partial<HeadlessOptions>> => {
  page.environment.hide();
  await settle();
  page.server.silent = false;
  await page.chat.destroy();
  return { database: page.database, server: page.server };
};

describe('what one page wrote and another one finds', () => {
  afterEach(endChats);

  for (const [how, end] of [['a crash', crash], ['a reload', leave]] as const) {
    it(`is written again by the next page after ${how}, once, where the server has not got it`, async () => {
      const sm = scriptedSm();
      const first = await open(sm);
      first.server.silent = true;
      await first.conversation(BO).send('Under way');
      const once = await first.server.next(saying('Under way'));
      const next = await open(sm, await end(first));
      const { messageId } = await next.state(BO, 'Under way', 'sent');
      expect(sm.messages).to.deep.equal([messageId]);
      expect(await next.server.next(saying('Under way'))).to.deep.equal(once);
    });

    it(`is not written again after ${how} where the server has it`, async () => {
      const sm = scriptedSm({ answers: false });
      const first = await open(sm);
      await first.conversation(BO).send('It is there');
      await until('the message', () => sm.messages.length > 0);
      const next = await open(sm, await end(first));
      await next.state(BO, 'It is there', 'sent');
      expect(written(next.server)).to.deep.equal(['It is there']);
    });
  }

  it('is shown as being sent until it is known what became of it', async () => {
    const sm = scriptedSm({ answers: false });
    const first = await open(sm);
    first.server.silent = true;
    await first.conversation(BO).send('What became of it?');
    await first.state(BO, 'What became of it?', 'sending');
    const next = await open(sm, await crash(first));
    await next.state(BO, 'What became of it?', 'sending');
    next.server.push(`<a xmlns='urn:xmpp:sm:3' h='${sm.stream?.handled ?? 0}'/>`);
    await next.state(BO, 'What became of it?', 'sent');
    expect(sm.messages).to.have.length(1);
  });

  it('is unconfirmed when the server does not go on with the stream, and is not written again by itself', async () => {
    const sm = scriptedSm();
    const first = await open(sm);
    first.server.silent = true;
    await first.conversation(BO).send('Lost?');
    await first.state(BO, 'Lost?', 'sending');
    const left = await crash(first);
    sm.forget();
    const next = await open(sm, left);
    await next.state(BO, 'Lost?', 'unconfirmed');
    await next.conversation(BO).send('Go on');
    await next.state(BO, 'Go on', 'sent');
    expect(written(next.server)).to.deep.equal(['Lost?', 'Go on']);
    expect(sm.messages).to.have.length(1);
  });

  it('is written by the next page if the crash came between storing that it would be and writing it', async () => {
    const sm = scriptedSm();
    const first = await open(sm);
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (this: IDBObjectStore, value: { readonly attempted?: boolean }) {
      if (value.attempted) {
        first.server.reachability = 'refused';
        first.server.drop();
      }
      return put.call(this, value);
    };
    await first.conversation(BO).send('Never written');
    await until('the break', () => first.chat.status.peek().name === 'waiting');
    IDBObjectStore.prototype.put = put;
    await settle();
    expect(written(first.server)).to.deep.equal([]);
    const next = await open(sm, await crash(first));
    await next.state(BO, 'Never written', 'sent');
    expect(written(next.server)).to.deep.equal(['Never written']);
  });

  it('keeps its order over pages', async () => {
    const sm = scriptedSm();
    const first = await open(sm);
    first.server.silent = true;
    await Promise.all(['1', '2', '3'].map(text => first.conversation(BO).send(text)));
    await first.server.next(saying('3'));
    const second = await open(sm, await crash(first));
    await Promise.all(['4', '5'].map(text => second.conversation(BO).send(text)));
    await second.state(BO, '5', 'sent');
    const shown = second.texts(BO);
    expect(shown).to.deep.equal(['1', '2', '3', '4', '5']);
    expect(written(second.server)).to.deep.equal(['1', '2', '3', '1', '2', '3', '4', '5']);
    expect(new Set(sm.messages).size).to.equal(5);
    expect(sm.messages).to.have.length(5);
  });

  it('failed for want of a seal and waits for a person, also on the next page', async () => {
    const sm = scriptedSm();
    const first = await open(sm);
    await first.conversation(BO).protect('lock');
    await first.conversation(BO).send('Secret');
    await first.state(BO, 'Secret', 'failed');
    const next = await open(sm, await crash(first));
    await next.conversation(BO).protect(null);
    await next.conversation(BO).send('Open');
    await next.state(BO, 'Open', 'sent');
    const { id } = await next.state(BO, 'Secret', 'failed');
    await next.conversation(BO).retry(id);
    await next.state(BO, 'Secret', 'sent');
    expect(written(next.server)).to.deep.equal(['Open', 'Secret']);
  });

  it('goes first, if it was stored first, though the other page has not heard of it yet', async () => {
    const holder = await visitorChat();
    const follower = await visitorChat({ server: holder.server, database: holder.database, environment: holder.environment });
    for (let round = 0; round < 5; round++) {
      await holder.environment.advance(1);
      await follower.conversation(SUPPORT).send(`there ${round}`);
      await holder.environment.advance(1);
      await holder.conversation(SUPPORT).send(`here ${round}`);
    }
    await holder.state(SUPPORT, 'here 4', 'sent');
    expect(written(holder.server)).to.deep.equal([0, 1, 2, 3, 4].flatMap(round => [`there ${round}`, `here ${round}`]));
  });
});

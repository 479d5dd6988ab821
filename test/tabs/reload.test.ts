import { expect } from '@open-wc/testing';
import { attr, is } from '../../src/xmpp/xml.js';
import { accountChat, BO, endChats, idleChat, written, type HeadlessChat } from '../support/headless-chat.js';
import { scriptedSm } from '../support/scripted-sm.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';

const ACCOUNT = { mode: 'page', domain: 'example.org', service: 'ws://localhost:5280/xmpp' };
const SM = 'urn:xmpp:sm:3';

/** Ana, who stays signed in, with Bo in her list, at a server that lets streams go on. */
const staying = async () => {
  const sm = scriptedSm();
  const script = { accounts: { ana: 'secret' }, scram: { salt: btoa('0123456789abcdef') }, roster: `<item jid='${BO}' name='Bo' subscription='both'/>`, features: ['urn:xmpp:sid:0'], ...sm.script };
  const first = idleChat({ options: ACCOUNT, script });
  await first.chat.start();
  await first.chat.logIn('ana@example.org', 'secret', { stay: true });
  await first.online();
  await until('the roster', () => first.model.contacts.peek());
  return { first, sm };
};
const there = (tab: HeadlessChat): string | undefined => tab.conversation(BO).presence.peek()?.show;
const isThere = (tab: HeadlessChat, show: string): Promise<unknown> => until(`Bo to be ${show}`, () => there(tab) === show, () => String(there(tab)), 6_000);
/** The page goes, and the next one comes: nothing of the old one runs any more, and nothing was closed. */
const nextPage = async (last: HeadlessChat, reachable = true): Promise<HeadlessChat> => {
  last.environment.hide();
  await settle();
  const next = idleChat({ options: ACCOUNT, database: last.database, server: last.server, reachable });
  await next.chat.start();
  return next;
};
const presence = (show: string): string => `<presence xmlns='jabber:client' from='${BO}/phone'><show>${show}</show></presence>`;
const resumed = (tab: HeadlessChat): number => tab.server.received.filter(element => is(element, 'resume', SM)).length;

describe('an account that stays signed in, when its page is loaded anew', () => {
  afterEach(endChats);

  it('goes on with its stream, and still knows who is there, which nobody tells it again', async () => {
    const { first } = await staying();
    first.server.push(presence('away'));
    await isThere(first, 'away');
    const second = await nextPage(first);
    expect(second.chat.signIn.peek()).to.equal('in');
    await until('online', () => second.chat.status.peek().name === 'online');
    expect(resumed(second)).to.equal(1);
    await isThere(second, 'away');
    await until('the roster', () => second.conversation(BO).title.peek() === 'Bo');
    second.server.push(presence('dnd'));
    await isThere(second, 'dnd');
  });

  it('is told again who came when the page was about to go, as it had not acknowledged it', async () => {
    const { first } = await staying();
    first.server.push(presence('away'));
    await isThere(first, 'away');
    // Nothing of this is stored when the page goes: it has no time for it.
    first.environment.frame = () => new Promise(() => undefined);
    first.server.push(presence('xa'));
    await settle();
    const second = await nextPage(first);
    await isThere(second, 'xa');
  });

  it('acknowledges who came only when that is stored', async () => {
    const { first, sm } = await staying();
    await first.environment.advance(2_000);
    const asks = (): void => first.server.push(`<r xmlns='${SM}'/>`);
    asks();
    const before = await until('the count', () => sm.told.at(-1));
    first.server.push(presence('xa'));
    await isThere(first, 'xa');
    asks();
    await settle();
    expect(sm.told.at(-1)).to.equal(before);
    await until('it to be stored', async () => {
      await first.environment.advance(1_000);
      return sm.told.at(-1) === before + 1;
    });
  });

  it('begins with nobody there when its stream is gone', async () => {
    const { first, sm } = await staying();
    first.server.push(presence('away'));
    await isThere(first, 'away');
    sm.forget();
    const second = await nextPage(first);
    await until('online', () => second.chat.status.peek().name === 'online');
    await settle();
    expect(there(second)).to.equal(undefined);
    second.server.push(presence('chat'));
    await isThere(second, 'chat');
  });

  it('believes the archive’s ids from the first message on', async () => {
    const { first } = await staying();
    const second = await nextPage(first);
    await until('online', () => second.chat.status.peek().name === 'online');
    second.receive(BO, 'With an id', "<stanza-id xmlns='urn:xmpp:sid:0' by='ana@example.org' id='a1'/>");
    const { archiveIds } = await second.arrival(BO, 'With an id');
    expect(archiveIds).to.deep.equal([{ by: 'ana@example.org', id: 'a1' }]);
  });

  it('sends what was written while it went, once', async () => {
    const { first } = await staying();
    first.server.reachability = 'refused';
    first.server.drop();
    await first.conversation(BO).send('Written while away');
    const second = await nextPage(first);
    await second.state(BO, 'Written while away', 'sent');
    expect(written(second.server)).to.deep.equal(['Written while away']);
  });

  it('is shown before it is connected, and asked to sign in when its keys do not serve any more', async () => {
    const { first } = await staying();
    first.receive(BO, 'Kept');
    await first.arrival(BO, 'Kept');
    const second = await nextPage(first, false);
    await second.arrival(BO, 'Kept');
    second.server.script = { ...second.server.script, accounts: { ana: 'another' }, scram: { salt: btoa('another salt 123') } };
    second.server.reachability = 'open';
    second.chat.reconnect();
    await until('the end of it', async () => {
      await second.environment.advance(1_000);
      return second.chat.signIn.peek() === 'out';
    }, () => JSON.stringify([second.chat.status.peek(), second.log.map(({ text }) => text)]));
    expect(second.chat.refused.peek()?.code).to.equal('secret-stale');
    const third = await nextPage(second);
    expect(third.chat.signIn.peek()).to.equal('out');
    // What is stored waits for the one who knows the password.
    await third.chat.logIn('ana@example.org', 'another');
    await third.arrival(BO, 'Kept');
  });

  it('is not signed in on the next page if it did not choose so', async () => {
    const first = await accountChat();
    const second = await nextPage(first);
    expect(second.chat.signIn.peek()).to.equal('out');
  });

  it('is not signed in any more after signing out', async () => {
    const { first } = await staying();
    await first.chat.logOut();
    const second = await nextPage(first);
    expect(second.chat.signIn.peek()).to.equal('out');
    expect(second.server.received.filter(element => attr(element, 'mechanism') !== undefined)).to.have.length(1);
  });
});

import { expect } from '@open-wc/testing';
import { NS, text } from '../../src/xmpp/xml.js';
import { boshStream, type TestStream } from '../support/bosh-stream.js';
import { settle } from '../support/quiet.js';
import type { Passage } from '../support/scripted-bosh.js';

const hello = (body: string): string => `<message xmlns='jabber:client' from='bo@example.org/x' type='chat'><body>${body}</body></message>`;
const sent = ({ bosh }: TestStream): readonly string[] => bosh.server.received.filter(({ name }) => name === 'message').map(message => text(message, 'body', NS.client) ?? '');

/** A stream that is online, and has just sent a request that has nothing to say, with which this happens; what follows fares as said, then everything passes. */
const withPoll = async (...passages: readonly Passage[]): Promise<TestStream> => {
  const made = boshStream({ terms: { maxpause: '120' } });
  await made.online();
  await made.environment.advance(500);
  const begin = made.bosh.posted.length;
  made.bosh.passage = (_, index) => passages[index - begin] ?? 'pass';
  made.bosh.server.push(hello('come'));
  await settle();
  await made.environment.advance(25);
  expect(made.bosh.posted.length).to.equal(begin + 1);
  return made;
};
const isWhole = async (made: TestStream, said: readonly string[]): Promise<void> => {
  await made.environment.advance(90_000);
  made.bosh.server.push(hello('at last'));
  await settle();
  await made.environment.advance(1_000);
  expect(made.error).to.equal(undefined);
  expect(sent(made)).to.deep.equal(said);
  expect(made.got).to.deep.equal(['come', 'at last']);
  expect(made.bosh.sessions).to.have.length(1);
};

describe('what ejabberd shelves, as the request before it has not come, and ends the session for when it comes twice', () => {
  it('does not come twice when a connection is deaf and the next one breaks', async () => {
    const made = await withPoll('silence', 'lost after');
    void made.say('a');
    await made.environment.advance(20_000);
    await isWhole(made, ['a']);
  });

  it('does not come twice when several connections are deaf', async () => {
    const made = await withPoll('silence', 'deaf', 'silence', 'silence');
    void made.say('a');
    await made.environment.advance(30_000);
    await isWhole(made, ['a']);
  });

  it('is never sent after a failure, before the one before it is known to be there', async () => {
    const made = await withPoll('lost before', 'silence', 'silence');
    await made.environment.advance(3_000);
    const before = made.bosh.posted.length;
    void made.say('a');
    await settle();
    await made.environment.advance(600);
    const rids = made.bosh.posted.slice(before).map(({ rid }) => rid);
    expect(rids.length).to.be.greaterThan(1);
    expect(Math.min(...rids)).to.equal((made.bosh.posted[before - 1] ?? expect.fail()).rid);
    await isWhole(made, ['a']);
  });

  it('is not sent because somebody else answered the one before it', async () => {
    let page: ReadableStreamDefaultController<Uint8Array> | undefined;
    const late = new Response(new ReadableStream<Uint8Array>({ start: controller => void (page = controller) }));
    const made = await withPoll('lost before', late, 'silence', 'silence', 'silence', 'silence');
    await made.environment.advance(3_000);
    const poll = (made.bosh.posted.at(-1) ?? expect.fail()).rid;
    void made.say('a');
    await settle();
    await made.environment.advance(300);
    page?.enqueue(new TextEncoder().encode('<html><body>Please log in to this network.</body></html>'));
    page?.close();
    await settle();
    await made.environment.advance(300);
    expect(made.bosh.posted.at(-1)?.rid).to.equal(poll);
    await isWhole(made, ['a']);
  });
});

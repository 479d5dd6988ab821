import { expect } from '@open-wc/testing';
import type { ChatError } from '../../src/base/errors.js';
import { StanzaError } from '../../src/xmpp/stanza-error.js';
import { attr, child, xml, type XmlElement } from '../../src/xmpp/xml.js';
import { settle } from '../support/quiet.js';
import { onlineSession, type TestSession } from '../support/test-session.js';

const question = (to?: string): XmlElement => xml('iq', { type: 'get', to }, xml('query', { xmlns: 'urn:test' }));

/** Asks, while the server answers nothing by itself; gives the id of the question. */
const asking = async (to?: string) => {
  const made = await onlineSession();
  made.server.silent = true;
  const answers: string[] = [];
  made.session.request(question(to)).then(
    answer => answers.push(attr(child(answer, 'query', 'urn:test') ?? answer, 'says') ?? ''),
    (error: unknown) => answers.push((error as ChatError).code),
  );
  const iq = await made.server.next(element => child(element, 'query', 'urn:test') !== undefined);
  const answer = async (from: string | undefined, says: string, id = attr(iq, 'id') ?? ''): Promise<readonly string[]> => {
    made.server.push(`<iq xmlns='jabber:client' type='result' id='${id}'${from === undefined ? '' : ` from='${from}'`}><query xmlns='urn:test' says='${says}'/></iq>`);
    await settle();
    return answers;
  };
  return { made, iq, answers, answer };
};

const end = async (made: TestSession): Promise<void> => {
  made.server.silent = false;
  await made.session.destroy();
};

describe('a request', () => {
  it('has an id that nobody can guess', async () => {
    const ids = new Set<string>();
    for (let round = 0; round < 3; round++) {
      const { made, iq } = await asking();
      ids.add(attr(iq, 'id') ?? '');
      await end(made);
    }
    expect(ids.size).to.equal(3);
    for (const id of ids) expect(id).to.match(/^[a-z2-7]{26}$/);
  });

  it('is answered by whom it was asked of, and by nobody else', async () => {
    const { made, answer } = await asking('rooms.example.org');
    for (const forger of ['evil@example.net/x', 'example.org', 'ana@example.org', 'rooms.example.org.evil.net', 'rooms.example.org/x', 'x@rooms.example.org', undefined]) expect(await answer(forger, 'forged')).to.deep.equal([]);
    expect(await answer('rooms.example.org', 'wrong id', 'other')).to.deep.equal([]);
    expect(await answer('Rooms.Example.org', 'true')).to.deep.equal(['true']);
    expect(await answer('rooms.example.org', 'again')).to.deep.equal(['true']);
    await end(made);
  });

  it('to somebody’s device is answered by that device', async () => {
    const { made, answer } = await asking('bo@example.org/phone');
    for (const forger of ['bo@example.org', 'bo@example.org/other', 'bo@example.org/PHONE', undefined, 'example.org']) expect(await answer(forger, 'forged')).to.deep.equal([]);
    expect(await answer('bo@example.org/phone', 'true')).to.deep.equal(['true']);
    await end(made);
  });

  for (const to of [undefined, 'example.org', 'ana@example.org']) {
    for (const from of [undefined, 'example.org', 'ana@example.org']) {
      it(`to ${to ?? 'nobody'} may be answered by ${from ?? 'nobody'}, as both are the own server`, async () => {
        const { made, answer } = await asking(to);
        expect(await answer('evil@example.net', 'forged')).to.deep.equal([]);
        expect(await answer('ana@example.org.evil.net', 'forged')).to.deep.equal([]);
        expect(await answer(from, 'true')).to.deep.equal(['true']);
        await end(made);
      });
    }
  }

  it('rejects with the error that comes back', async () => {
    const { session } = await onlineSession();
    const error = await session.request(question()).then(() => undefined, (thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(StanzaError);
    expect((error as StanzaError).code).to.equal('service-unavailable');
    await session.destroy();
  });

  it('rejects after 30 s, and at once when the connection breaks', async () => {
    const first = await asking('bo@example.org/x');
    for (let time = 0; time < 27_000; time += 9_000) {
      await first.made.environment.advance(9_000);
      first.made.server.push("<presence xmlns='jabber:client' from='bo@example.org/x'/>");
    }
    expect(first.answers).to.deep.equal([]);
    await first.made.environment.advance(3_000);
    expect(first.answers).to.deep.equal(['time-out']);
    await end(first.made);
    const second = await asking();
    second.made.server.drop();
    await settle();
    expect(second.answers).to.deep.equal(['disconnected']);
    await end(second.made);
  });
});

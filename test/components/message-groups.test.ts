import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { arrange, firstFresh, freshAfter, freshAtOpening } from '../../src/components/message-groups.js';
import { createDates } from '../../src/components/dates.js';
import { SELF, type Message } from '../../src/entities/message.js';

const { sameDay } = createDates('en');
const MINUTE = 60_000;
const noon = new Date(2024, 4, 3, 12).getTime();

const message = (count: number, given: Partial<Message> = {}): Message => ({
  id: `m${count}`, account: 'a', conversation: 'c', position: String(count).padStart(4, '0'), sender: 'alice', mine: false, body: 'x', time: noon, messageId: '', archiveIds: [], ...given,
});
const shape = (messages: readonly Message[], freshId?: string): string =>
  arrange(messages, sameDay, freshId)
    .map(({ rows }) => rows.map(({ first, last, fresh }) => `${fresh ? '!' : ''}${first ? '(' : ''}x${last ? ')' : ''}`).join(''))
    .join(' / ');

describe('messages that stand together', () => {
  it('are those of one sender within five minutes', () => {
    expect(shape([message(1), message(2, { time: noon + 5 * MINUTE }), message(3, { time: noon + 10 * MINUTE + 1 })])).to.equal('(xx)(x)');
    expect(shape([message(1), message(2, { sender: SELF, mine: true }), message(3)])).to.equal('(x)(x)(x)');
  });

  it('are parted by a day and by the line “New”', () => {
    const midnight = new Date(2024, 4, 4).getTime();
    expect(shape([message(1, { time: midnight - 1 }), message(2, { time: midnight })])).to.equal('(x) / (x)');
    expect(shape([message(1), message(2), message(3)], 'm2')).to.equal('(x)!(xx)');
  });

  it('keep their order and their number whatever the clocks say, each day under a key of its own', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4, max: 4 })), days => {
        const messages = days.map((day, index) => message(index, { time: noon + day * 24 * 60 * MINUTE }));
        const arranged = arrange(messages, sameDay, undefined);
        const keys = arranged.map(({ key }) => key);
        return arranged.flatMap(({ rows }) => rows.map(row => row.message.id)).join() === messages.map(({ id }) => id).join() && new Set(keys).size === keys.length;
      }),
    );
  });

  it('take a time that is none', () => {
    expect(shape([message(1, { time: Number.NaN }), message(2)])).to.equal('(x) / (x)');
  });
});

describe('the line “New”', () => {
  const five = [1, 2, 3, 4, 5].map(count => message(count));

  it('stands above the first message that was not read', () => {
    expect(firstFresh(five, freshAtOpening('0002', '0005'), false)).to.equal('m3');
  });

  it('stands nowhere when everything was read, or when all there is is new', () => {
    expect(firstFresh(five, freshAtOpening('0005', '0005'), true)).to.equal(undefined);
    expect(firstFresh(five, freshAtOpening('', '0005'), true)).to.equal(undefined);
    expect(firstFresh(five, freshAtOpening('', '0005'), false)).to.equal('m1');
  });

  it('goes when one has answered', () => {
    expect(firstFresh([...five, message(6, { mine: true, sender: SELF })], freshAtOpening('0002', '0005'), false)).to.equal(undefined);
  });

  it('does not come for what arrives while one looks', () => {
    const fresh = freshAfter(freshAtOpening('0005', '0005'), true, '0006');
    expect(firstFresh([...five, message(6)], fresh, false)).to.equal(undefined);
  });

  it('comes for what arrives while one does not, and stays when one is back', () => {
    let fresh = freshAfter(freshAtOpening('0005', '0005'), true, '0006');
    fresh = freshAfter(fresh, false, '0007');
    fresh = freshAfter(fresh, false, '0008');
    const more = [...five, message(6), message(7), message(8)];
    expect(firstFresh(more, fresh, false)).to.equal('m7');
    fresh = freshAfter(fresh, true, '0009');
    expect(firstFresh([...more, message(9)], fresh, false)).to.equal('m7');
  });

  it('keeps what was not read at the opening when more arrives before one has looked', () => {
    const fresh = freshAfter(freshAtOpening('0002', '0005'), false, '0006');
    expect(firstFresh([...five, message(6)], fresh, false)).to.equal('m3');
  });
});

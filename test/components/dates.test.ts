import { expect } from '@open-wc/testing';
import { createDates } from '../../src/components/dates.js';

const at = (year: number, month: number, day: number, hour = 12, minute = 0): number => new Date(year, month - 1, day, hour, minute).getTime();
const now = at(2024, 5, 15, 9, 30);
const english = createDates('en-GB', () => now);

describe('dates', () => {
  it('are a weekday within a week, then a date, with the year if it is another', () => {
    expect([at(2024, 5, 15, 0), at(2024, 5, 14, 23, 59), at(2024, 5, 13), at(2024, 5, 9), at(2024, 5, 8), at(2023, 5, 3)].map(english.day)).to.deep.equal(['Today', 'Yesterday', 'Monday', 'Thursday', '8 May', '3 May 2023']);
  });

  it('are short in a list', () => {
    expect([at(2024, 5, 15, 8, 5), at(2024, 5, 14), at(2024, 5, 3), at(2023, 5, 3)].map(english.short)).to.deep.equal(['08:05', 'Tue', '3 May', '3 May 2023']);
  });

  it('follow the reader', () => {
    const german = createDates('de', () => now);
    expect(german.day(at(2024, 5, 14))).to.equal('Gestern');
    expect(german.day(at(2024, 5, 3))).to.equal('3. Mai');
    expect(english.full(at(2024, 5, 3, 14, 5))).to.match(/^Friday,? 3 May 2024 at 14:05$/u);
  });

  it('of the future are no weekday', () => {
    expect(english.day(at(2024, 5, 16))).to.equal('16 May');
    expect(english.short(at(2099, 1, 1))).to.equal('1 Jan 2099');
  });

  it('know a day by the calendar here', () => {
    expect(english.sameDay(at(2024, 5, 15, 0, 0), at(2024, 5, 15, 23, 59))).to.equal(true);
    expect(english.sameDay(at(2024, 5, 15, 23, 59), at(2024, 5, 16, 0, 0))).to.equal(false);
  });

  it('never throw at a time that is none', () => {
    for (const time of [Number.NaN, Infinity, 8.64e15 + 1, -8.64e15 - 1]) {
      expect([english.clock(time), english.day(time), english.full(time), english.short(time)]).to.deep.equal(['', '', '', '']);
      expect(english.sameDay(time, time)).to.equal(false);
    }
  });
});

import { expect } from '@open-wc/testing';
import { createWords, english } from '../../src/base/words.js';

describe('words', () => {
  const words = createWords('en');

  it('fill in what is given, as this reader writes numbers', () => {
    expect(words.t('typing-one', { name: 'Alice' })).to.equal('Alice is typing…');
    expect(createWords('de').t('room-left', { count: 12_345 })).to.contain('12.345');
  });

  it('fill in text as it is, once', () => {
    expect(words.t('said-one', { name: '{text}', text: '$& {name} <b>' })).to.equal('{text}: $& {name} <b>');
  });

  it('find a general sentence for a key that they do not know', () => {
    expect(words.t('delivery-some-new-condition')).to.equal(english.delivery);
    expect(words.t('constructor')).to.equal(english.unexpected);
    expect(words.t('')).to.equal(english.unexpected);
    expect(words.t('__proto__-x')).to.equal(english.unexpected);
  });

  it('leave no trace of what is not given', () => {
    expect(words.t('typing-one')).to.equal(' is typing…');
    expect(words.t('typing-one', Object.create({ name: 'polluted' }) as Record<string, string>)).to.equal(' is typing…');
  });

  it('know the direction of a script, and take a tag that is none for English', () => {
    expect(['ar', 'he', 'fa', 'ur', 'yi', 'uz-Arab'].map(tag => createWords(tag).direction)).to.deep.equal(Array(6).fill('rtl'));
    expect(['en', 'pt-BR', 'ja', 'uz', 'az'].map(tag => createWords(tag).direction)).to.deep.equal(Array(5).fill('ltr'));
    expect(createWords('no language!').locale).to.equal('en');
    expect(createWords('').locale).to.equal('en');
  });
});

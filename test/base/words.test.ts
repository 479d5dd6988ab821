import { expect, waitUntil } from '@open-wc/testing';
import { effect } from '../../src/base/signal.js';
import { createWords, type Words } from '../../src/base/words.js';
import { commonWords } from '../../src/base/words/common.js';
import { loginWords } from '../../src/base/words/login.js';
import { pageWords } from '../../src/base/words/page.js';
import { troubleWords } from '../../src/base/words/trouble.js';

const errors: unknown[] = [];
const wordsFor = (locale: string): Words => createWords(locale, error => errors.push(error));

describe('words', () => {
  const words = wordsFor('en');

  it('fill in what is given, as this reader writes numbers', () => {
    expect(words.t('typing-one', { name: 'Alice' })).to.equal('Alice is typing…');
    expect(wordsFor('de').t('room-left', { count: 12_345 })).to.contain('12.345');
  });

  it('fill in text as it is, once', () => {
    expect(words.t('said-one', { name: '{text}', text: '$& {name} <b>' })).to.equal('{text}: $& {name} <b>');
  });

  it('stand in one catalogue only', () => {
    const keys = [commonWords, loginWords, pageWords, troubleWords].flatMap(catalogue => Object.keys(catalogue));
    expect(keys.length).to.equal(new Set(keys).size);
  });

  it('for troubles are loaded by the first one, and who draws hears of it', async () => {
    const troubled = wordsFor('en');
    const drawn: string[] = [];
    const stop = effect(() => void drawn.push(troubled.t('unreachable', { host: 'a.example' }), troubled.t('delivery-gone')));
    expect(drawn, 'nothing wrong is said meanwhile').to.deep.equal(['', commonWords.delivery]);
    await waitUntil(() => drawn.length > 2);
    stop();
    expect(drawn.slice(2)).to.deep.equal([troubleWords.unreachable.replace('{host}', 'a.example'), troubleWords['delivery-gone']]);
    for (const [key, sentence] of Object.entries(troubleWords)) expect(troubled.sentences.peek()[key]).to.equal(sentence);
    expect(errors).to.deep.equal([]);
  });

  it('for troubles that cannot be loaded have general ones in their place', async () => {
    const why: unknown[] = [];
    const cut = createWords('en', error => why.push(error), () => Promise.reject(new TypeError('gone')));
    expect(cut.t('unreachable')).to.equal('');
    await waitUntil(() => cut.t('unreachable') !== '');
    expect([cut.t('unreachable'), cut.t('delivery-gone')]).to.deep.equal([commonWords.unexpected, commonWords.delivery]);
    expect(why).to.have.length(1);
  });

  it('for a store that a person can help say how', async () => {
    const asked = wordsFor('en');
    await waitUntil(() => asked.t('storage-blocked') === troubleWords['storage-blocked']);
    expect(asked.t('storage-newer-version')).to.equal(troubleWords['storage-newer-version']);
    expect(asked.t('storage-failed')).to.equal(commonWords.storage);
  });

  it('that a part of the screen brings along are there at once', () => {
    const paged = wordsFor('en');
    paged.add(pageWords);
    expect(paged.t('new-chat')).to.equal(pageWords['new-chat']);
    expect(paged.t('send')).to.equal(commonWords.send);
  });

  it('find a general sentence for a key that they do not know', async () => {
    const asked = wordsFor('en');
    expect(asked.t('delivery-some-new-condition')).to.equal(commonWords.delivery);
    await waitUntil(() => asked.t('') !== '');
    for (const unknown of ['', 'constructor', '__proto__-x', 'toString']) expect(asked.t(unknown)).to.equal(commonWords.unexpected);
  });

  it('leave no trace of what is not given', () => {
    expect(words.t('typing-one')).to.equal(' is typing…');
    expect(words.t('typing-one', Object.create({ name: 'polluted' }) as Record<string, string>)).to.equal(' is typing…');
  });

  it('know the direction of a script, and take a tag that is none for English', () => {
    expect(['ar', 'he', 'fa', 'ur', 'yi', 'uz-Arab'].map(tag => wordsFor(tag).direction)).to.deep.equal(Array(6).fill('rtl'));
    expect(['en', 'pt-BR', 'ja', 'uz', 'az'].map(tag => wordsFor(tag).direction)).to.deep.equal(Array(5).fill('ltr'));
    expect(wordsFor('no language!').locale).to.equal('en');
    expect(wordsFor('').locale).to.equal('en');
  });
});

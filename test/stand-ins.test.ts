/** What is left out of @xmpp is gone, and nothing else is. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { without } from '../scripts/lib/stand-ins.mjs';

describe('a module without what nobody calls', () => {
  it('keeps the rest, each on its line', () => {
    assert.equal(without('class A {\n  one() {\n    return 1;\n  }\n  two() {}\n}', ['one']), 'class A {\n  \n\n\n  two() {}\n}');
    assert.equal(without('Object.assign(a, {\n  one,\n  two,\n});', ['one']), 'Object.assign(a, {\n  \n  two,\n});');
    assert.equal(without('Object.assign(a, { one, two, three });', ['two', 'three']), 'Object.assign(a, { one,   });');
  });

  it('keeps what has the same name further in, or is private', () => {
    const source = 'class A {\n  #one() {}\n  two() {\n    return { one: 1 };\n  }\n  one() {}\n}';
    assert.equal(without(source, ['one']), source.replace('  one() {}', '  '));
  });

  it('is without statements wherever they stand', () => {
    const source = 'class A {\n  async two() {\n    await this.#one("two");\n    return 2;\n  }\n  #one() {}\n}';
    assert.equal(without(source, ['#one'], ['await this.#one("two");']), source.replace('await this.#one("two");', '').replace('#one() {}', ''));
    assert.throws(() => without(source, ['#one'], ['this.#one();']), /no this\.#one\(\); to leave out/u);
  });

  it('is a mistake where the name is not there any more', () => {
    assert.throws(() => without('class A { one() {} }', ['one', 'two']), /no two to leave out/u);
  });
});

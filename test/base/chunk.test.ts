import { expect } from '@open-wc/testing';
import { chunk } from '../../src/base/chunk.js';
import { ChatError, wordKeyOf } from '../../src/base/errors.js';

describe('a part that is loaded on demand', () => {
  it('is handed on when it is there', async () => {
    expect(await chunk(Promise.resolve('part'))).to.equal('part');
  });

  it('is told as what it is when it cannot be had', async () => {
    const missing = import('/no-such-part.js' as string) as Promise<unknown>;
    const error = await chunk(missing).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ChatError);
    expect(error).to.deep.include({ domain: 'chunk', code: 'chunk-not-loaded', retry: 'user' });
    expect(wordKeyOf(error as ChatError)).to.equal('chunk-not-loaded');
  });

  it('is not taken for a disk that failed, which has sentences of its own', () => {
    expect(wordKeyOf(new ChatError('storage', 'blocked', 'user'))).to.equal('storage-blocked');
  });
});

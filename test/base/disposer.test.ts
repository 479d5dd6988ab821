import { expect } from '@open-wc/testing';
import { Disposer } from '../../src/base/disposer.js';

describe('disposer', () => {
  it('gives back in reverse order, each in its own guard', async () => {
    const said: string[] = [];
    const disposer = new Disposer(error => said.push(String(error)));
    disposer.own(() => void said.push('first'));
    disposer.own(() => {
      throw new Error('broken');
    });
    disposer.own(() => void said.push('last'));
    await disposer.dispose();
    expect(said).to.deep.equal(['last', 'Error: broken', 'first']);
  });

  it('gives back once, early or at the end', async () => {
    let count = 0;
    const disposer = new Disposer(() => undefined);
    const early = disposer.own(() => void count++);
    await early();
    await early();
    await disposer.dispose();
    expect(count).to.equal(1);
  });

  it('gives back at once what comes after the end', async () => {
    let given = false;
    const disposer = new Disposer(() => undefined);
    await disposer.dispose();
    disposer.own(() => void (given = true));
    expect(given).to.equal(true);
  });
});

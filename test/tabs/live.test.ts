import { expect } from '@open-wc/testing';
import type { LiveChange } from '../../src/tabs/channel.js';
import { createLiveValues } from '../../src/tabs/live.js';
import { syncLive } from '../../src/tabs/live-sync.js';

/** Live values of two tabs: what the first writes the second takes, as a structured clone. */
const pair = () => {
  const told: LiveChange[] = [];
  const [writer, reader] = [createLiveValues(), createLiveValues()];
  const there = syncLive(reader, change => void told.push(change));
  const here = syncLive(writer, change => {
    told.push(change);
    there.take(structuredClone(change));
  });
  return { writer, reader, told, here, there };
};

describe('live values', () => {
  it('that were there before anybody else are told from then on', () => {
    const all = createLiveValues();
    const value = all.live('early', 1);
    value.value = 2;
    const told: LiveChange[] = [];
    const sync = syncLive(all, change => void told.push(change));
    value.value = 3;
    sync.dispose();
    value.value = 4;
    all.live('late', 1).value = 2;
    expect(told).to.deep.equal([{ name: 'early', value: 3 }]);
  });

  it('are what was written in the tab that writes', () => {
    const { writer, reader } = pair();
    const [here, there] = [writer.live('a', 1), reader.live('a', 1)];
    here.value = 2;
    expect(there.value).to.equal(2);
    expect(writer.live('a', 7)).to.equal(here);
  });

  it('are known to those who ask for them later', () => {
    const { writer, reader, here } = pair();
    writer.live('a', 1).value = 2;
    expect(reader.live('a', 1).value).to.equal(2);
    const late = createLiveValues();
    const sync = syncLive(late, () => undefined);
    for (const [name, value] of here.snapshot()) sync.take({ name, value });
    expect(late.live('a', 1).value).to.equal(2);
  });

  it('that were taken are not told on', () => {
    const { writer, told } = pair();
    writer.live('a', 1).value = 2;
    expect(told).to.have.length(1);
  });

  it('that are maps are told by what differs', () => {
    const { writer, reader, told } = pair();
    const here = writer.live<ReadonlyMap<string, { readonly show: string }>>('map', new Map());
    const many = new Map<string, { readonly show: string }>(Array.from({ length: 1000 }, (_, index) => [`p${index}`, { show: 'online' }]));
    here.value = many;
    here.value = new Map([...many].filter(([key]) => key !== 'p3')).set('p7', { show: 'away' });
    expect(told[1]).to.deep.equal({ name: 'map', put: new Map([['p7', { show: 'away' }]]), gone: ['p3'] });
    expect(reader.live('map', new Map()).value).to.deep.equal(here.value);
  });

  it('that became a map, or are none any more, are told whole', () => {
    const { writer, reader, there } = pair();
    const here = writer.live<unknown>('any', undefined);
    here.value = new Map([['a', 1]]);
    expect(reader.live('any', undefined).value).to.deep.equal(new Map([['a', 1]]));
    here.value = 'text';
    expect(reader.live('any', undefined).value).to.equal('text');
    there.take({ name: 'any', put: new Map([['b', 2]]), gone: [] });
    expect(reader.live('any', undefined).value).to.deep.equal(new Map([['b', 2]]));
  });
});

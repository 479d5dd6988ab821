import { expect } from '@open-wc/testing';
import { randomId } from '../../src/base/id.js';
import { createChannel, VERSION, type Channel, type Heard } from '../../src/tabs/channel.js';
import { until } from '../support/until.js';

const channels: Channel[] = [];
const raws: BroadcastChannel[] = [];

const open = (name = `test ${randomId()}`) => {
  const heard: Heard[] = [];
  let outdated = 0;
  const channel = createChannel({ name, BroadcastChannel, hear: what => void heard.push(what), outdated: () => void outdated++ });
  channels.push(channel);
  const raw = new BroadcastChannel(name);
  raws.push(raw);
  return { name, channel, heard, raw, outdated: () => outdated };
};

describe('a channel', () => {
  afterEach(() => {
    for (const each of [...channels.splice(0), ...raws.splice(0)]) each.close();
  });

  it('brings what is told to the others, with who told it, and not back', async () => {
    const one = open();
    const two = open(one.name);
    one.channel.post({ type: 'tick', visible: true, woke: false });
    await until('the tick', () => two.heard.length > 0);
    expect(two.heard).to.deep.equal([{ stoa: VERSION, from: one.channel.id, type: 'tick', visible: true, woke: false }]);
    expect(one.heard).to.deep.equal([]);
  });

  it('brings to one tab what is for it alone', async () => {
    const one = open();
    const [two, three] = [open(one.name), open(one.name)];
    one.channel.post({ type: 'yours', to: two.channel.id });
    one.channel.post({ type: 'tock' });
    await until('the end', () => two.heard.length === 2 && three.heard.length === 1);
    expect(three.heard.map(({ type }) => type)).to.deep.equal(['tock']);
  });

  it('says nothing of what is none of its words', async () => {
    const { raw, heard, outdated } = open();
    const right = { stoa: VERSION, from: 'x', type: 'send', id: '1', xml: '<presence/>' };
    const wrong: unknown[] = [
      null, undefined, 7, 'text', [], {}, { ...right, stoa: undefined }, { ...right, stoa: '1' }, { ...right, stoa: VERSION - 1 }, { ...right, from: 1 }, { ...right, type: 1 }, { ...right, to: 'somebody else' }, { ...right, to: 1 },
    ];
    for (const what of wrong) raw.postMessage(what);
    raw.postMessage(right);
    await until('the right one', () => heard.length > 0);
    expect(heard).to.deep.equal([right]);
    expect(outdated()).to.equal(0);
  });

  it('notices that it is spoken to in the words of a newer version', async () => {
    const { raw, heard, outdated } = open();
    raw.postMessage({ stoa: VERSION + 1, from: 'x', type: 'hello', build: 1, plugins: [] });
    await until('it', () => outdated() === 1);
    expect(heard).to.deep.equal([]);
  });

  it('that was closed hears and says nothing until it is opened again', async () => {
    const one = open();
    const two = open(one.name);
    two.channel.close();
    one.channel.post({ type: 'tock' });
    two.channel.post({ type: 'tock' });
    two.channel.open();
    two.channel.open();
    one.channel.post({ type: 'logout' });
    await until('what came after', () => two.heard.length > 0);
    expect(two.heard.map(({ type }) => type)).to.deep.equal(['logout']);
    expect(one.heard).to.deep.equal([]);
  });
});

import { expect } from '@open-wc/testing';
import type { Message } from '../../src/entities/message.js';
import { createTimeline, WINDOW } from '../../src/model/timeline.js';
import type { Store } from '../../src/store/store.js';
import { accountChat, BO, endChats } from '../support/headless-chat.js';
import { until } from '../support/until.js';

describe('timeline', () => {
  afterEach(endChats);

  const filled = async (count: number) => {
    const it = await accountChat();
    for (let index = 0; index < count; index++) it.receive(BO, `m${index}`);
    await it.arrival(BO, `m${count - 1}`);
    return it;
  };

  it('holds a window, and every message can be reached from it', async () => {
    const it = await filled(700);
    const { timeline } = it.conversation(BO);
    timeline.follow(false);
    const seen = new Set(it.texts(BO));
    while (!timeline.atStart.value) {
      await timeline.older();
      expect(timeline.messages.value.length).to.be.at.most(WINDOW);
      for (const text of it.texts(BO)) seen.add(text);
    }
    expect(seen.size).to.equal(700);
    expect(timeline.messages.value[0]?.body).to.equal('m0');
    expect(timeline.atEnd.value).to.equal(false);
    while (!timeline.atEnd.value) await timeline.newer();
    expect(timeline.messages.value.at(-1)?.body).to.equal('m699');
    expect(it.texts(BO)).to.deep.equal(Array.from({ length: 700 }, (_, index) => `m${index}`).slice(-it.texts(BO).length));
  });

  it('leaves new messages outside while the reader looks at old ones, and goes to the end when asked', async () => {
    const it = await filled(400);
    const { timeline } = it.conversation(BO);
    timeline.follow(false);
    while (!timeline.atStart.value) await timeline.older();
    it.receive(BO, 'new');
    await until('it to be stored', () => it.conversation(BO).preview.value?.body === 'new');
    expect(it.texts(BO)).not.to.contain('new');
    await timeline.toEnd();
    expect(it.texts(BO).at(-1)).to.equal('new');
  });

  it('misses nothing that is stored while a page is read', async () => {
    const message = (body: string): Message => ({ id: body, account: 'a', conversation: BO, position: body, sender: BO, mine: false, body, time: 0, messageId: body, archiveIds: [] });
    const stored = [message('a'), message('b')];
    let hold: Promise<void> | undefined;
    // A read that is over before the next write, and slow to be told.
    const page = async (): Promise<readonly Message[]> => {
      const rows = [...stored];
      await hold;
      return rows;
    };
    const timeline = createTimeline('a', BO, { page } as unknown as Store, error => { throw error; });
    timeline.open();
    await until('the first page', () => timeline.ready.value);
    let release!: () => void;
    hold = new Promise(resolve => (release = resolve));
    const reading = timeline.toEnd();
    const fresh = message('c');
    stored.push(fresh);
    timeline.apply([{ id: 'c', conversation: BO, after: fresh, new: true }]);
    hold = undefined;
    release();
    await reading;
    expect(timeline.messages.value.map(({ body }) => body)).to.deep.equal(['a', 'b', 'c']);
  });

  it('is empty again when the last onlooker leaves, and not before', async () => {
    const it = await accountChat();
    it.receive(BO, 'x');
    await until('it to be stored', () => it.model.conversation(BO)?.preview.value?.body === 'x');
    const { timeline } = it.model.conversation(BO) ?? it.conversation(BO);
    const one = timeline.open();
    const other = timeline.open();
    await until('the first page', () => timeline.ready.value);
    one();
    one();
    expect(timeline.messages.value).to.have.length(1);
    other();
    expect(timeline.messages.value).to.deep.equal([]);
    expect(timeline.ready.value).to.equal(false);
  });
});

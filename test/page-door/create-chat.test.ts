import { expect, waitUntil } from '@open-wc/testing';
import { ChatError, optionTable as table } from '../../src/core.js';
import { createChat, optionTable } from '../../src/index.js';
import { optionNames } from '../../src/page-door/option-names.js';

const GOOD = { to: 'support@example.org', service: 'ws://127.0.0.1:1/', storage: 'none' } as const;

describe('the door for bundlers', () => {
  it('gives the table of options, whose names the tag knows by heart', () => {
    expect(optionTable === table).to.equal(true);
    expect(optionTable.map(({ name }) => name)).to.deep.equal([...optionNames]);
  });

  it('puts a bubble at the end of the page and gives it', async () => {
    const chat = createChat(GOOD);
    const element = document.body.lastElementChild;
    expect(element?.localName).to.equal('stoa-chat');
    expect(element?.getAttribute('service')).to.equal(GOOD.service);
    const heard: string[] = [];
    chat.on('open', () => heard.push('open'));
    chat.open();
    await waitUntil(() => element?.shadowRoot?.querySelector('textarea'));
    expect(heard).to.deep.equal(['open']);
    expect(chat.isOpen).to.equal(true);
    await chat.destroy();
    expect(element?.isConnected).to.equal(false);
    // Its verbs do nothing any more.
    chat.open();
    expect(chat.isOpen).to.equal(false);
    expect(await chat.plugins.add({ id: 'late', setup: () => undefined })).to.deep.equal({ name: 'disposed' });
    await chat.destroy();
  });

  it('puts a box where it is told to', async () => {
    const box = document.createElement('div');
    box.id = 'box';
    document.body.append(box);
    const chats = [createChat({ ...GOOD, mode: 'inline', target: box }), createChat({ ...GOOD, mode: 'inline', target: '#box' })];
    expect(box.children).to.have.length(2);
    await Promise.all(chats.map(chat => chat.destroy()));
    expect(box.children).to.have.length(0);
    box.remove();
  });

  it('says that a box needs a place', () => {
    for (const target of [{}, { target: '#nowhere' }]) expect(() => createChat({ ...GOOD, mode: 'inline', ...target })).to.throw(ChatError).with.property('code', 'target-missing');
  });

  it('says which option is missing when it is given none', async () => {
    const chat = createChat();
    chat.open();
    await waitUntil(() => document.body.lastElementChild?.shadowRoot?.querySelector('.problem')?.textContent.includes('The option “to” is missing'));
    await chat.destroy();
  });

  it('starts the plugins that it is given', async () => {
    let started = 0;
    const chat = createChat({ ...GOOD, plugins: [{ id: 'hello', setup: () => void (started += 1) }] });
    chat.open();
    await waitUntil(() => started === 1);
    await chat.destroy();
  });

  it('is not configured by a polluted prototype', async () => {
    const prototype = Object.prototype as Record<string, unknown>;
    Object.assign(prototype, { mode: 'page', target: '#nowhere', plugins: [{ id: 'evil', setup: () => undefined }], label: 'Polluted' });
    try {
      const chat = createChat(GOOD);
      const element = document.body.lastElementChild as HTMLElement;
      await waitUntil(() => element.shadowRoot?.querySelector('#panel'));
      expect(element.hasAttribute('mode') || element.hasAttribute('label')).to.equal(false);
      await chat.destroy();
    } finally {
      for (const name of ['mode', 'target', 'plugins', 'label']) delete prototype[name];
    }
  });
});

import { expect } from '@open-wc/testing';
import type { Plugin } from '../../src/app/plugin.js';
import { createHandle, domEvent, type PageElement } from '../../src/page-door/handle.js';

const plugin: Plugin = { id: 'hello', setup: () => undefined };

describe('a handle', () => {
  let element: PageElement;
  let said: string[];
  let arrive: () => void;
  const make = () => {
    element = document.createElement('div');
    said = [];
    const ready = new Promise<void>(resolve => (arrive = resolve));
    return createHandle({ element, ready, wake: () => void said.push('wake'), ended: () => void said.push('ended') });
  };

  it('opens and closes by the attribute, and wakes whoever loads the app', () => {
    const chat = make();
    chat.open();
    expect(element.hasAttribute('open')).to.equal(true);
    expect(chat.isOpen).to.equal(true);
    chat.open();
    chat.toggle();
    expect(chat.isOpen).to.equal(false);
    chat.close();
    expect(said).to.deep.equal(['wake', 'wake']);
  });

  it('believes the element once that can tell', () => {
    const chat = make();
    expect(chat.unread).to.equal(0);
    Object.assign(element, { isOpen: true, unread: 3 });
    expect([chat.isOpen, chat.unread]).to.deep.equal([true, 3]);
  });

  it('hears what the element says, not what is said inside of it, until it is undone', () => {
    const chat = make();
    const heard: unknown[] = [];
    const off = chat.on('message:received', detail => heard.push(detail));
    const tell = (target: Element, detail: unknown): boolean => target.dispatchEvent(new CustomEvent(domEvent('message:received'), { bubbles: true, detail }));
    tell(element, 'one');
    tell(element.appendChild(document.createElement('div')), 'another chat');
    off();
    tell(element, 'two');
    expect(heard).to.deep.equal(['one']);
  });

  it('hands plugins on when the element can take them', async () => {
    const chat = make();
    const added: Plugin[] = [];
    const fate = chat.plugins.add(plugin);
    await Promise.resolve();
    expect(added).to.deep.equal([]);
    Object.assign(element, { plugins: { add: (it: Plugin) => (added.push(it), Promise.resolve({ name: 'active' })) } });
    arrive();
    expect(await fate).to.deep.equal({ name: 'active' });
    expect(added).to.deep.equal([plugin]);
  });

  it('does nothing any more after destroy, which may be called twice', async () => {
    const chat = make();
    document.body.append(element);
    const heard: unknown[] = [];
    chat.on('open', () => heard.push('open'));
    const fate = chat.plugins.add(plugin);
    await Promise.all([chat.destroy(), chat.destroy()]);
    expect(element.isConnected).to.equal(false);
    chat.open();
    element.dispatchEvent(new CustomEvent('stoa-open'));
    arrive();
    expect(await fate).to.deep.equal({ name: 'disposed' });
    expect([said, heard, element.hasAttribute('open')]).to.deep.equal([['ended'], [], false]);
  });

  it('waits for the element to end', async () => {
    const chat = make();
    let end = (): void => undefined;
    Object.assign(element, { destroy: () => new Promise<void>(resolve => (end = resolve)) });
    let ended = false;
    const ending = chat.destroy().then(() => (ended = true));
    await Promise.resolve();
    expect(ended).to.equal(false);
    end();
    await ending;
  });
});

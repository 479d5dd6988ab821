import { expect } from '@open-wc/testing';
import type { PageChat } from '../../src/page-door/handle.js';
import { isRunning, openQueue } from '../../src/page-door/queue.js';

const chat = {} as PageChat;
const page = window as { stoa?: unknown };
type Push = { push(...runs: unknown[]): void };

describe('window.stoa', () => {
  let close: (() => void) | undefined;
  const warned: string[] = [];
  const warn = console.warn;
  beforeEach(() => {
    warned.length = 0;
    console.warn = (text: string) => void warned.push(text);
  });
  afterEach(() => {
    console.warn = warn;
    close?.();
    close = undefined;
    delete page.stoa;
    document.querySelector('form')?.remove();
  });

  it('calls what waits, in order, and later ones at once', () => {
    const heard: string[] = [];
    page.stoa = [() => heard.push('one'), (given: PageChat) => heard.push(given === chat ? 'two' : 'wrong')];
    close = openQueue(chat);
    (page.stoa as Push).push(() => heard.push('three'));
    expect(heard).to.deep.equal(['one', 'two', 'three']);
  });

  it('reports one that throws, and what is no function, and goes on', () => {
    const heard: string[] = [];
    page.stoa = [
      () => {
        throw new Error('no luck');
      },
      'open',
      () => heard.push('next'),
    ];
    close = openQueue(chat);
    expect(heard).to.deep.equal(['next']);
    expect(warned[0]).to.contain('no luck');
    expect(warned).to.have.length(2);
  });

  it('knows whether it runs already', () => {
    expect(isRunning()).to.equal(false);
    page.stoa = [];
    expect(isRunning()).to.equal(false);
    close = openQueue(chat);
    expect(isRunning()).to.equal(true);
  });

  it('takes no element of the page for itself', () => {
    const form = document.createElement('form');
    form.name = 'stoa';
    const push = document.createElement('input');
    push.name = 'push';
    form.append(push);
    document.body.append(form);
    expect(page.stoa === form).to.equal(true);
    expect(isRunning()).to.equal(false);
    close = openQueue(chat);
    expect(isRunning()).to.equal(true);
  });

  it('gives the name back, unless somebody else has taken it', () => {
    openQueue(chat)();
    expect(Object.hasOwn(page, 'stoa')).to.equal(false);
    const late = openQueue(chat);
    page.stoa = 'mine';
    late();
    expect(page.stoa).to.equal('mine');
  });
});

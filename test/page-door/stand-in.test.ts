import { expect, waitUntil } from '@open-wc/testing';
import { createLoader, whyNotLoaded } from '../../src/page-door/load-app.js';
import { createStandIn, type StandIn } from '../../src/page-door/stand-in.js';

/** An app that comes or fails when the test says so. */
const app = () => {
  const attempts: { come(): void; fail(): void }[] = [];
  return { attempts, load: () => new Promise<void>((resolve, reject) => void attempts.push({ come: resolve, fail: () => reject(new Error('gone')) })) };
};

describe('what stands in for the element before the app is there', () => {
  let element: HTMLElement;
  let standIn: StandIn | undefined;
  let source: ReturnType<typeof app>;
  const start = (attributes: Readonly<Record<string, string>> = {}): HTMLElement => {
    source = app();
    element = document.createElement('stoa-chat');
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    document.body.append(element);
    standIn = createStandIn(element, source.load);
    return element;
  };
  const button = (): HTMLButtonElement => element.shadowRoot?.querySelector('button') as HTMLButtonElement;

  afterEach(() => {
    standIn?.stop();
    element.remove();
    document.documentElement.removeAttribute('data-theme');
    document.documentElement.lang = '';
  });

  it('is a launcher that has loaded nothing', async () => {
    start();
    expect(button().ariaLabel).to.equal('Open chat');
    expect(source.attempts).to.have.length(0);
    await expect(element).to.be.accessible();
  });

  it('loads the app at a click and says that it is on its way', () => {
    start();
    button().click();
    expect(source.attempts).to.have.length(1);
    expect(button().ariaBusy).to.equal('true');
    expect(element.hasAttribute('open')).to.equal(true);
  });

  it('thinks better of it at a second click', () => {
    start();
    button().click();
    button().click();
    expect([button().ariaBusy, element.hasAttribute('open')]).to.deep.equal([null, false]);
  });

  it('loads at once for a box of the page, whose launcher is not to be seen', () => {
    start({ mode: 'inline' });
    expect(source.attempts).to.have.length(1);
    expect(button().getClientRects()).to.have.length(0);
    expect(element.hasAttribute('open')).to.equal(false);
  });

  for (const sign of ['pointerenter', 'pointerdown', 'focus']) {
    it(`loads the code, and no more, at ${sign}`, () => {
      start();
      button().dispatchEvent(new Event(sign));
      expect(source.attempts).to.have.length(1);
      expect([button().ariaBusy, element.hasAttribute('open')]).to.deep.equal([null, false]);
    });
  }

  it('says nothing when only that failed', async () => {
    start();
    button().dispatchEvent(new Event('pointerenter'));
    source.attempts[0]?.fail();
    await Promise.resolve();
    expect(button().ariaLabel).to.equal('Open chat');
  });

  it('says that the app did not come, and tries again, then offers a reload', async () => {
    start();
    const heard: unknown[] = [];
    document.body.addEventListener('stoa-error', event => heard.push((event as CustomEvent<{ code: string }>).detail.code), { once: true });
    button().click();
    source.attempts[0]?.fail();
    await waitUntil(() => button().textContent === 'The chat could not be loaded. Try again');
    expect(heard).to.deep.equal(['not-loaded']);
    expect(element.hasAttribute('open')).to.equal(false);
    await expect(element).to.be.accessible();
    button().click();
    expect(source.attempts).to.have.length(2);
    source.attempts[1]?.fail();
    await waitUntil(() => button().textContent === 'The chat could not be loaded. Reload the page');
  });

  it('says so in the box of an element that has no launcher', async () => {
    start({ mode: 'inline' });
    source.attempts[0]?.fail();
    await waitUntil(() => button().getClientRects().length > 0);
    expect(button().textContent).to.equal('The chat could not be loaded. Try again');
  });

  it('is dark where the page says so, and follows when it changes its mind', async () => {
    start();
    const dark = (): boolean => element.shadowRoot?.querySelector('.corner')?.classList.contains('dark') ?? false;
    expect(dark()).to.equal(matchMedia('(prefers-color-scheme: dark)').matches);
    document.documentElement.setAttribute('data-theme', 'dark');
    await waitUntil(dark);
    document.documentElement.setAttribute('data-theme', 'light');
    await waitUntil(() => !dark());
  });

  it('stands at the side where the page’s readers end', () => {
    document.documentElement.lang = 'ar-EG';
    start();
    expect(button().getBoundingClientRect().left).to.be.below(innerWidth / 2);
  });

  it('does nothing any more when it was stopped', async () => {
    start();
    standIn?.stop();
    button().click();
    standIn?.wake();
    document.documentElement.setAttribute('data-theme', 'dark');
    await Promise.resolve();
    expect(source.attempts).to.have.length(0);
    expect(element.hasAttribute('open')).to.equal(false);
  });
});

describe('loading the app', () => {
  const warned: string[] = [];
  const warn = console.warn;
  beforeEach(() => {
    warned.length = 0;
    console.warn = (text: string) => void warned.push(text);
  });
  afterEach(() => {
    console.warn = warn;
  });

  it('is one attempt for all who ask at once, another one after a failure, and told once', async () => {
    const load = createLoader(new URL('./nowhere.js', location.href).href);
    const first = load();
    expect(load() === first).to.equal(true);
    let failed = false;
    await first.catch(() => (failed = true));
    expect(failed).to.equal(true);
    expect(warned).to.have.length(1);
    const second = load();
    expect(second === first).to.equal(false);
    await second.catch(() => undefined);
    expect(warned).to.have.length(1);
  });

  it('names the likely cause: an upgrade, a header that is missing, a word of the policy', () => {
    expect(whyNotLoaded(new TypeError('Failed to fetch'), `${location.origin}/index.js`)).to.match(/upgraded while this page was open/u).and.not.match(/Access-Control/u);
    expect(whyNotLoaded(new TypeError('Failed to fetch'), 'https://cdn.example/index.js')).to.contain('does not send Access-Control-Allow-Origin');
    expect(whyNotLoaded(new TypeError('Failed to execute \'createPolicy\': Policy "lit-html" disallowed.'), 'https://cdn.example/index.js')).to.contain("trusted-types lit-html 'allow-duplicates'");
  });
});

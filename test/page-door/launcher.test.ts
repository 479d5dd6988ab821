import { expect } from '@open-wc/testing';
import { shapes } from '../../src/components/styles/tokens.js';
import { themes } from '../../src/components/themes.js';
import { launcherIn, type LauncherState } from '../../src/page-door/corner.js';
import { createLauncher } from '../../src/page-door/launcher.js';

const state: LauncherState = { label: '', name: 'Open chat', open: false, busy: false, direction: 'ltr', dark: false };

describe('the launcher', () => {
  let host: HTMLElement;
  let root: ShadowRoot;
  beforeEach(() => {
    host = document.createElement('div');
    root = host.attachShadow({ mode: 'open' });
    document.body.append(host);
  });
  afterEach(() => host.remove());

  it('is a button of 56 in the corner, with a name and a dialog behind it', async () => {
    const { button, update } = createLauncher(root);
    update(state);
    const { width, height, right, bottom } = button.getBoundingClientRect();
    expect([width, height].map(Math.round)).to.deep.equal([56, 56]);
    expect([innerWidth - right, innerHeight - bottom].map(Math.round)).to.deep.equal([20, 20]);
    expect([button.ariaLabel, button.ariaExpanded, button.ariaHasPopup]).to.deep.equal(['Open chat', 'false', 'dialog']);
    await expect(host).to.be.accessible();
  });

  it('is a pill with words beside the icon, which begin its name', async () => {
    const { button, update } = createLauncher(root);
    update({ ...state, label: 'Ask us' });
    expect(Math.round(button.getBoundingClientRect().height)).to.equal(48);
    expect(button.getBoundingClientRect().width).to.be.above(80);
    expect(button.ariaLabel).to.equal('Ask us: Open chat');
    await expect(host).to.be.accessible();
  });

  it('stands at the other side where people read from right to left', () => {
    const { button, update } = createLauncher(root);
    update({ ...state, direction: 'rtl' });
    expect(Math.round(button.getBoundingClientRect().left)).to.equal(20);
  });

  it('says that the chat is on its way', () => {
    const { button, update } = createLauncher(root);
    update({ ...state, busy: true });
    expect(button.getAttribute('aria-busy')).to.equal('true');
    update(state);
    expect(button.hasAttribute('aria-busy')).to.equal(false);
  });

  it('is found as it stands, with its focus', () => {
    const first = createLauncher(root);
    first.update(state);
    first.button.focus();
    expect(launcherIn(root) === first && createLauncher(root) === first).to.equal(true);
    expect(root.activeElement === first.button).to.equal(true);
    expect(root.querySelectorAll('button')).to.have.length(1);
    expect(root.adoptedStyleSheets).to.have.length(1);
  });

  for (const [brand, ink] of [['#3b5bdb', 'rgb(255, 255, 255)'], ['gold', 'rgb(11, 16, 32)'], ['oklch(0.9 0.1 100)', 'rgb(11, 16, 32)'], ['rgb(120, 120, 120)', 'rgb(0, 0, 0)'], ['white', 'rgb(11, 16, 32)']] as const) {
    it(`writes on ${brand} so that it can be read`, () => {
      host.style.setProperty('--stoa-brand', brand);
      const { button, update } = createLauncher(root);
      update(state);
      expect(getComputedStyle(button).color).to.equal(ink);
    });
  }

  it('has in the dark the owner’s dark colour, else the brand, else ours', () => {
    const { button, update } = createLauncher(root);
    const fill = (): string => {
      update({ ...state, dark: true });
      return getComputedStyle(button).backgroundColor;
    };
    expect(fill()).to.equal('rgb(145, 167, 255)');
    host.style.setProperty('--stoa-brand', 'rgb(1, 2, 3)');
    expect(fill()).to.equal('rgb(1, 2, 3)');
    host.style.setProperty('--stoa-brand-dark', 'rgb(4, 5, 6)');
    expect(fill()).to.equal('rgb(4, 5, 6)');
  });

  it('uses the same defaults as the tokens, which it does not carry', () => {
    createLauncher(root).update(state);
    const css = root.adoptedStyleSheets.flatMap(({ cssRules }) => [...cssRules].map(({ cssText }) => cssText)).join('').replace(/\s/gu, '');
    const defaults = { ...shapes, brand: themes.light.brand };
    for (const name of ['z', 'inset-x', 'inset-y', 'font', 'font-size', 'launcher-size', 'brand'] as const) {
      expect(css, name).to.contain(`var(--stoa-${name},${defaults[name].replace(/\s/gu, '')})`);
    }
    expect(css).to.contain(`var(--stoa-brand-dark,var(--stoa-brand,${themes.dark.brand}))`);
  });
});

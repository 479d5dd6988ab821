import { expect, waitUntil } from '@open-wc/testing';
import { html } from 'lit';
import '../../src/components/page/page-view.js';
import '../../src/components/talk-view.js';
import { createFakeChat, type FakeChat } from '../support/fake-chat.js';
import { stage, type Stage } from '../support/stage.js';

const token = (): Promise<string> => Promise.resolve('x');

for (const mode of ['bubble', 'page'] as const) {
  describe(`somebody whom the site logs in, in mode ${mode}`, () => {
    let chat: FakeChat;
    let on: Stage;
    beforeEach(() => {
      chat = createFakeChat({ mode, to: 'support@example.org', service: 'wss://example.org/ws', auth: 'token', token });
      chat.setSignIn('signing-in');
      chat.setStatus({ name: 'connecting' });
      on = stage(chat, screen => (mode === 'page' ? html`<stoa-page-view .screen=${screen}></stoa-page-view>` : html`<stoa-talk-view .screen=${screen}></stoa-talk-view>`));
    });
    afterEach(() => on.remove());

    it('sees no login, and then why nobody gets in, with the button that helps', async () => {
      await waitUntil(() => on.root.querySelector('.skeleton'));
      expect(on.root.querySelector('stoa-login') === null).to.equal(true);
      chat.setStatus({ name: 'failed', problem: { code: 'token-refused', params: { domain: 'example.org' }, action: 'retry' } });
      await waitUntil(() => on.root.querySelector('.problem')?.textContent.includes('example.org does not accept the tokens of this page. Tell the people who run this site.'));
      await expect(on.host).to.be.accessible();
      on.get('.problem button').click();
      expect(chat.asked).to.deep.equal(['reconnect']);
      chat.setStatus({ name: 'connecting' });
      await waitUntil(() => !on.root.querySelector('.problem'));
    });

    it('is not asked to sign out, as the site does that', async () => {
      chat.setAddress('ana@example.org');
      chat.setStatus({ name: 'online' });
      chat.setSignIn('in');
      await waitUntil(() => on.root.querySelector('textarea'));
      expect(on.root.querySelector('.sign-out') === null).to.equal(true);
    });
  });
}

for (const mode of ['inline', 'page'] as const) {
  describe(`an account's own login, in mode ${mode}`, () => {
    let chat: FakeChat;
    let on: Stage;
    beforeEach(() => {
      chat = createFakeChat({ mode, to: 'support@example.org', domain: 'example.org', service: 'wss://example.org/ws', auth: 'password' });
      chat.setSignIn('signing-in');
      on = stage(chat, screen => (mode === 'page' ? html`<stoa-page-view .screen=${screen}></stoa-page-view>` : html`<stoa-talk-view .screen=${screen}></stoa-talk-view>`));
    });
    afterEach(() => on.remove());

    it('is not shown while it is not known who is in already, and stays to its end once it is', async () => {
      await waitUntil(() => on.root.querySelector('.skeleton'));
      expect(on.root.querySelector('stoa-login') === null).to.equal(true);
      chat.setSignIn('out');
      await waitUntil(() => on.root.querySelector('stoa-login form'));
      chat.setSignIn('signing-in');
      await waitUntil(() => on.root.querySelector('stoa-login [aria-disabled=true]'));
    });
  });
}

import { expect, waitUntil } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { html } from 'lit';
import { ChatError } from '../../src/base/errors.js';
import '../../src/components/page/login.js';
import { createFakeChat, type FakeChat } from '../support/fake-chat.js';
import { stage, type Stage } from '../support/stage.js';

const SERVICE = 'wss://chat.example.org/ws';

describe('signing in', () => {
  let chat: FakeChat;
  let on: Stage;
  const open = async (options: Readonly<Record<string, string>> = { domain: 'example.org' }): Promise<void> => {
    chat = createFakeChat({ mode: 'page', service: SERVICE, ...options });
    chat.setSignIn('out');
    on = stage(chat, screen => html`<stoa-login .screen=${screen}></stoa-login>`);
    await waitUntil(() => on.root.querySelector('form'));
  };
  const field = (name: 'address' | 'password'): HTMLInputElement => on.get(`#login-${name}`) as HTMLInputElement;
  const fill = (address: string, password: string): void => {
    for (const [name, value] of [['address', address], ['password', password]] as const) {
      field(name).value = value;
      field(name).dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
  };
  const submit = (): void => on.get('[type=submit]').click();
  const error = (): string => on.root.querySelector('.error')?.textContent ?? '';

  afterEach(() => on.remove());

  it('leads the Tab key through its fields, and is sound to a machine', async () => {
    await open();
    await expect(on.host).to.be.accessible();
    const stops: string[] = [];
    for (let stop = 0; stop < 5; stop += 1) {
      if (stop > 0) await sendKeys({ press: 'Tab' });
      const active = on.root.activeElement;
      stops.push(active?.id || active?.textContent.trim() || '');
    }
    expect(stops).to.deep.equal(['login-address', 'login-password', 'Show password', 'login-stay', 'Sign in']);
  });

  it('takes the first key that is pressed, unless somebody is busy elsewhere on the page', async () => {
    await open();
    expect(on.root.activeElement?.id).to.equal('login-address');
    on.remove();
    const elsewhere = document.createElement('input');
    document.body.append(elsewhere);
    elsewhere.focus();
    await open();
    expect(document.activeElement === elsewhere).to.equal(true);
    elsewhere.remove();
  });

  it('is something that password managers know', async () => {
    await open();
    expect([field('address').autocomplete, field('address').name, field('password').autocomplete, field('password').type]).to.deep.equal(['username', 'username', 'current-password', 'password']);
  });

  it('asks for the name alone where the domain is known, and for the address where it is not', async () => {
    await open();
    expect(on.get('label').textContent).to.equal('User name');
    expect(on.get('.suffix').textContent).to.equal('@example.org');
    fill('ana@elsewhere.example', '');
    await waitUntil(() => !on.root.querySelector('.suffix'));
    on.remove();
    await open({});
    expect(on.get('label').textContent).to.equal('Address');
    expect(on.root.querySelector('.suffix') === null).to.equal(true);
  });

  it('shows the password when asked to', async () => {
    await open();
    on.get('.show').click();
    await waitUntil(() => field('password').type === 'text');
    expect(on.get('.show').textContent.trim()).to.equal('Hide password');
  });

  it('signs in with what was typed, by Enter too, and says that it is at it', async () => {
    await open();
    let finish = (): void => undefined;
    chat.onLogIn((address, password) => {
      expect([address, password]).to.deep.equal(['ana', 's e c r e t ']);
      return new Promise(resolve => (finish = resolve));
    });
    fill(' ana ', 's e c r e t ');
    field('password').focus();
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => on.get('[type=submit]').textContent.includes('Signing in…'));
    submit();
    expect(chat.asked).to.deep.equal(['logIn ana']);
    finish();
    await waitUntil(() => on.get('[type=submit]').textContent.trim() === 'Sign in');
  });

  it('asks for what is missing before it asks the server', async () => {
    await open();
    submit();
    await waitUntil(() => error() === 'Write your address first.');
    expect(on.root.activeElement === field('address')).to.equal(true);
    fill('ana', '');
    submit();
    await waitUntil(() => error() === 'Write your password first.');
    expect(on.root.activeElement === field('password')).to.equal(true);
    expect(chat.asked).to.deep.equal([]);
  });

  it('says a wrong password at its field, with what was typed kept', async () => {
    await open();
    chat.onLogIn(() => Promise.reject(new ChatError('auth', 'wrong-password', 'user')));
    fill('ana', 'wrong');
    submit();
    await waitUntil(() => error().startsWith('The server does not accept this address with this password'));
    expect([field('address').value, field('password').value]).to.deep.equal(['ana', 'wrong']);
    expect(field('password').ariaInvalid).to.equal('true');
    expect(on.get(`#${field('password').getAttribute('aria-describedby') ?? ''}`).textContent).to.equal(error());
    await waitUntil(() => on.root.activeElement === field('password') && field('password').selectionEnd === 5);
    await expect(on.host).to.be.accessible();
  });

  for (const [code, domain, words] of [
    ['unreachable', 'network', 'chat.example.org cannot be reached'],
    ['certificate-or-unreachable', 'network', 'https://chat.example.org'],
    ['no-mechanism', 'auth', 'example.org offers no way to log in'],
    ['mixed-content', 'network', SERVICE],
    ['failed', 'storage', 'Nothing can be stored on this device'],
    ['never-heard-of', 'internal', 'Something went wrong.'],
  ] as const) {
    it(`says “${code}” above its button, in an alert`, async () => {
      await open();
      chat.onLogIn(() => Promise.reject(new ChatError(domain, code, 'user', undefined, { about: { host: 'chat.example.org', service: SERVICE } })));
      fill('ana', 'secret');
      submit();
      await waitUntil(() => error().includes(words), error());
      expect(on.get('[role=alert]').textContent).to.contain(words);
      expect(field('address').value).to.equal('ana');
    });
  }

  describe('for longer than a page', () => {
    const stay = (): HTMLInputElement => on.get('#login-stay') as HTMLInputElement;
    const given = (): boolean[] => {
      const choices: boolean[] = [];
      chat.onLogIn((_, __, options) => {
        choices.push(options?.stay === true);
        return Promise.reject(new ChatError('auth', 'wrong-password', 'user'));
      });
      return choices;
    };
    const tryIt = async (): Promise<void> => {
      fill('ana', 'secret');
      submit();
      await waitUntil(() => error() !== '' && on.get('[type=submit]').textContent.trim() === 'Sign in');
    };

    it('is chosen, never taken for granted, and the choice survives a wrong password', async () => {
      await open();
      const choices = given();
      expect(stay().checked).to.equal(false);
      await tryIt();
      stay().click();
      await tryIt();
      expect(stay().checked).to.equal(true);
      await tryIt();
      expect(choices).to.deep.equal([false, true, true]);
    });

    it('says what it means to the eye and to the ear, and follows the keyboard', async () => {
      await open();
      expect(stay().labels?.[0]?.textContent).to.equal('Stay signed in on this device');
      expect(on.get(`#${stay().getAttribute('aria-describedby') ?? ''}`).textContent).to.equal('Only where nobody else uses this browser.');
      stay().focus();
      await sendKeys({ press: 'Space' });
      expect(stay().checked).to.equal(true);
      await expect(on.host).to.be.accessible();
    });

    it('is not offered where nothing lasts', async () => {
      for (const options of [{ domain: 'example.org', storage: 'none' }, { domain: 'example.org', storage: 'session' }]) {
        await open(options);
        expect(on.root.querySelector('#login-stay') === null).to.equal(true);
        on.remove();
      }
      await open();
      chat.setUnstored('storage');
      await waitUntil(() => on.root.querySelector('#login-stay') === null);
      const choices = given();
      await tryIt();
      expect(choices).to.deep.equal([false]);
    });

    it('that is over leaves the name, so that the password alone is to be written', async () => {
      for (const [address, domain, name] of [['ana@example.org', 'example.org', 'ana'], ['ana@example.org', '', 'ana@example.org']] as const) {
        on.remove();
        chat = createFakeChat({ mode: 'page', service: SERVICE, ...(domain ? { domain } : {}) });
        chat.setSignIn('out');
        chat.setRefused('stay-not-kept', address);
        on = stage(chat, screen => html`<stoa-login .screen=${screen}></stoa-login>`);
        await waitUntil(() => error().startsWith('Write your password again'));
        expect([field('address').value, on.root.activeElement?.id]).to.deep.equal([name, 'login-password']);
      }
    });

    it('that is over is told in one sentence, until there is something newer to say', async () => {
      await open();
      chat.setRefused('secret-stale');
      await waitUntil(() => error().startsWith('You are signed out on this device'));
      expect(on.get('[role=alert]').textContent).to.contain('Sign in again.');
      await expect(on.host).to.be.accessible();
      submit();
      await waitUntil(() => error() === 'Write your address first.');
      expect(on.root.querySelectorAll('.error')).to.have.length(1);
    });
  });

  it('names the server of the address that was typed', async () => {
    await open();
    chat.onLogIn(() => Promise.reject(new ChatError('auth', 'login-refused', 'user')));
    fill('ana@elsewhere.example', 'secret');
    submit();
    await waitUntil(() => error().startsWith('elsewhere.example refused the login'));
  });
});

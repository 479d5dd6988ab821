/** Signing in with an address and a password: what went wrong is said where it can be put right, and nothing that was typed is lost. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { toChatError, wordKeyOf } from '../../base/errors.js';
import { loginWords } from '../../base/words/login.js';
import { define } from '../define.js';
import { chatIcon } from './chat-icon.js';
import { Part } from '../part.js';
import type { Screen } from '../screen.js';
import { adopt } from './adopt.js';
import { loginStyles } from './login-styles.js';

type Field = 'address' | 'password';

interface Trouble {
  readonly code: string;
  /** What its sentence names besides the domain. */
  readonly about?: Readonly<Record<string, string>> | undefined;
  /** Under which field it is said; undefined: above the button. */
  readonly field?: Field;
}

/** Which field a person goes back to. */
const FIELDS: Readonly<Record<string, Field>> = { 'address-missing': 'address', 'password-missing': 'password', 'bad-address': 'address', 'wrong-password': 'password', 'account-disabled': 'address' };

/** Give it `screen`. */
export class StoaLogin extends Part {
  declare screen: Screen;
  declare private busy: boolean;
  declare private trouble: Trouble | undefined;
  /** Whether the password can be read. */
  declare private readable: boolean;
  /** Whether what was typed has a domain of its own. */
  declare private whole: boolean;

  constructor() {
    super();
    this.busy = this.readable = this.whole = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    adopt(this, [loginStyles]);
  }

  protected override willUpdate(changed: ReadonlySet<PropertyKey>): void {
    if (changed.has('screen')) this.screen.words.add(loginWords);
  }

  protected override firstUpdated(): void {
    const { refused, options: { domain } } = this.screen.chat;
    const address = this.#input('address');
    const last = refused.peek()?.address;
    // Who was in writes the password alone.
    if (address && last) address.value = last.endsWith(`@${domain}`) ? last.slice(0, -domain.length - 1) : last;
    this.#typed();
    // Who comes to a full client wants to type; whoever is busy elsewhere on the page, or would get a keyboard over half the screen, is left alone.
    if (document.activeElement === document.body && !matchMedia('(pointer: coarse)').matches) this.#input(last ? 'password' : 'address')?.focus();
  }

  protected override render(): TemplateResult {
    const { words, chat } = this.screen;
    const { domain } = chat.options;
    const busy = this.busy || chat.signIn.value === 'signing-in';
    // Why somebody who stayed signed in has to come here again, until there is something newer to say.
    const refused = chat.refused.value;
    const trouble: Trouble | undefined = this.trouble ?? (busy ? undefined : refused);
    const general = trouble && !trouble.field ? this.#sentence(trouble) : undefined;
    // Where nothing lasts, nobody can stay.
    const lasting = chat.options.storage === 'local' && chat.persistent.value;
    return html`
      <div class="login-place">
        <form class="login" part="login form" novalidate aria-labelledby="login-title" @submit=${this.#submit}>
          <slot name="brand"><span class="mark">${chatIcon}</span></slot>
          <h1 id="login-title">${domain ? words.t('sign-in-to', { domain }) : words.t('sign-in')}</h1>
          ${this.#field('address', words.t(domain ? 'user-name' : 'address'), html`
            <input id="login-address" name="username" type="text" autocomplete="username" autocapitalize="none" autocorrect="off" spellcheck="false" inputmode=${domain ? 'text' : 'email'} ?readonly=${busy}
              aria-invalid=${this.#invalid('address')} aria-describedby=${this.#describes('address')} @input=${this.#typed} />
            ${domain && !this.whole ? html`<span class="suffix" id="login-domain">@${domain}</span>` : nothing}`)}
          ${this.#field('password', words.t('password'), html`
            <input id="login-password" name="password" type=${this.readable ? 'text' : 'password'} autocomplete="current-password" autocapitalize="none" autocorrect="off" spellcheck="false" ?readonly=${busy}
              aria-invalid=${this.#invalid('password')} aria-describedby=${this.#describes('password')} />
            <button class="show" type="button" aria-pressed=${this.readable} aria-controls="login-password" @click=${() => (this.readable = !this.readable)}>
              ${words.t(this.readable ? 'hide-password' : 'show-password')}
            </button>`)}
          ${lasting
            ? html`<div class="stay">
                <input id="login-stay" name="stay" type="checkbox" aria-describedby="login-stay-hint" />
                <label for="login-stay">${words.t('stay-signed-in')}</label>
                <p id="login-stay-hint" class="hint">${words.t('stay-hint')}</p>
              </div>`
            : nothing}
          <div role="alert">${general ? html`<p class="error">${general}</p>` : nothing}</div>
          <button class="button" type="submit" aria-disabled=${busy}>${busy ? html`<i class="spinner"></i>${words.t('signing-in')}` : words.t('sign-in')}</button>
          <slot name="login-footer"></slot>
        </form>
      </div>
    `;
  }

  #field(name: Field, label: string, input: TemplateResult): TemplateResult {
    const { trouble } = this;
    return html`
      <div class="field-group">
        <label for="login-${name}">${label}</label>
        <div class=${trouble?.field === name ? 'input wrong' : 'input'}>${input}</div>
        ${trouble?.field === name ? html`<p class="error" id="login-${name}-error">${this.#sentence(trouble)}</p>` : nothing}
      </div>
    `;
  }

  #invalid(name: Field): 'true' | typeof nothing {
    return this.trouble?.field === name ? 'true' : nothing;
  }

  #describes(name: Field): string | typeof nothing {
    const ids = [name === 'address' && this.screen.chat.options.domain && !this.whole ? 'login-domain' : '', this.trouble?.field === name ? `login-${name}-error` : ''].filter(Boolean);
    return ids.length > 0 ? ids.join(' ') : nothing;
  }

  #sentence({ code, about }: Trouble): string {
    const { words, chat } = this.screen;
    const domain = /@(.+)$/u.exec(this.#value('address'))?.[1] ?? chat.options.domain;
    return words.t(code, { domain, host: domain, service: '', ...about });
  }

  #input(name: Field): HTMLInputElement | null {
    return this.querySelector(`#login-${name}`);
  }

  #value(name: Field): string {
    return this.#input(name)?.value ?? '';
  }

  readonly #typed = (): void => {
    this.whole = this.#value('address').includes('@');
  };

  readonly #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (this.busy) return;
    const address = this.#value('address').trim();
    const password = this.#value('password');
    if (!address) this.#fail('address-missing');
    else if (!password) this.#fail('password-missing');
    else void this.#logIn(address, password);
  };

  async #logIn(address: string, password: string): Promise<void> {
    this.busy = true;
    this.trouble = undefined;
    try {
      await this.screen.chat.logIn(address, password, { stay: this.querySelector<HTMLInputElement>('#login-stay')?.checked === true });
    } catch (error) {
      // Ended by a change of the page while it was on its way: there is nobody to tell.
      const its = toChatError(error);
      if (this.isConnected) this.#fail(wordKeyOf(its), its.about);
    } finally {
      this.busy = false;
    }
  }

  #fail(code: string, about?: Trouble['about']): void {
    const field = Object.hasOwn(FIELDS, code) ? FIELDS[code] : undefined;
    this.trouble = { code, about, ...(field ? { field } : {}) };
    if (!field) return;
    this.updateComplete.then(
      () => {
        this.#input(field)?.focus();
        if (code === 'wrong-password') this.#input(field)?.select();
      },
      (error: unknown) => this.screen.chat.report('screen', error),
    );
  }
}

define('stoa-login', StoaLogin, 'screen', 'busy', 'trouble', 'readable', 'whole');

/** Finding somebody to write to: one field for a name or an address. */
import { html, nothing, type TemplateResult } from 'lit/html.js';
import { parseJid } from '../../base/jid.js';
import type { Contact } from '../../entities/presence.js';
import { avatar } from '../avatar.js';
import { define } from '../define.js';
import { backIcon } from '../icons.js';
import { keyed } from '../keyed.js';
import { Part } from '../part.js';
import type { Screen } from '../screen.js';
import { visibleName } from '../text.js';

/** More than anybody reads; who is not among them is found by typing on. */
const MOST = 50;

const nameOf = ({ name, address }: Contact): string => visibleName(name || parseJid(address)?.local || address) || visibleName(address);

/** Something that can be chosen. */
interface Choice {
  readonly address: string;
  readonly contact?: Contact;
}

/** Give it `screen`. Fires `choose` with an address and `cancel`, both bubbling. */
export class StoaNewChat extends Part {
  declare screen: Screen;
  declare private query: string;
  /** Place of the choice that Enter takes. */
  declare private active: number;

  constructor() {
    super();
    this.query = '';
    this.active = 0;
  }

  protected override firstUpdated(): void {
    this.querySelector('input')?.focus();
  }

  protected override updated(): void {
    this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  protected override render(): TemplateResult {
    const { words } = this.screen;
    const choices = this.#choices();
    const unknown = this.screen.chat.model.value?.contacts.value === undefined;
    const active = Math.min(this.active, choices.length - 1);
    return html`
      <div class="new-chat" @keydown=${this.#onKey} @click=${this.#onClick}>
        <div class="title-bar">
          <button class="icon-button" type="button" aria-label=${words.t('back')} @click=${this.#cancel}>${backIcon}</button>
          <h2>${words.t('new-chat')}</h2>
        </div>
        <div class="search">
          <input
            id="new-chat-field"
            type="text"
            role="combobox"
            autocomplete="off"
            autocapitalize="none"
            autocorrect="off"
            spellcheck="false"
            aria-label=${words.t('name-or-address')}
            placeholder=${words.t('name-or-address')}
            aria-autocomplete="list"
            aria-expanded=${choices.length > 0}
            aria-controls="new-chat-choices"
            aria-activedescendant=${active >= 0 ? `new-chat-${active}` : nothing}
            .value=${this.query}
            @input=${this.#onInput}
          />
        </div>
        <div class="choices" role="listbox" id="new-chat-choices" aria-label=${words.t('contacts')}>
          ${keyed(choices, ({ address }) => address, (choice, index) => this.#choice(choice, index, index === active))}
        </div>
        <div class="nothing" role="status">
          ${unknown ? words.t('loading-contacts') : choices.length > 0 ? nothing : words.t(this.query.trim() ? 'nobody-found' : 'no-contacts')}
        </div>
      </div>
    `;
  }

  #choice({ address, contact }: Choice, index: number, active: boolean): TemplateResult {
    const { words, chat } = this.screen;
    const name = contact ? nameOf(contact) : address;
    const presence = contact && chat.model.value?.presence.value.get(address);
    return html`
      <div class="row" part="row" role="option" id="new-chat-${index}" data-address=${address} aria-selected=${active}>
        <span class="portrait">${avatar(name, address)}${presence ? html`<i class="presence ${presence.show}"></i>` : nothing}</span>
        <span class="lines">
          <span class="line"><bdi class="name">${name}</bdi></span>
          <span class="line"><span class="preview">${contact ? address : words.t('write-to-address')}</span></span>
        </span>
      </div>
    `;
  }

  /** Contacts that fit, by name, and the address that was typed unless it is one of theirs. */
  #choices(): readonly Choice[] {
    const { chat } = this.screen;
    const query = this.query.trim().toLocaleLowerCase();
    const fitting = (chat.model.value?.contacts.value ?? [])
      .map(contact => ({ contact, name: nameOf(contact) }))
      .filter(({ contact, name }) => contact.address.includes(query) || name.toLocaleLowerCase().includes(query))
      .sort((a, b) => a.name.localeCompare(b.name))
      .slice(0, MOST)
      .map(({ contact }): Choice => ({ address: contact.address, contact }));
    const typed = this.#typed(query);
    return typed === undefined || fitting.some(({ address }) => address === typed) ? fitting : [...fitting, { address: typed }];
  }

  /** The address in what was typed: a name without a domain is one of the own server. */
  #typed(query: string): string | undefined {
    if (!query) return undefined;
    const own = parseJid(this.screen.chat.address.value)?.domain;
    const jid = parseJid(query.includes('@') || own === undefined ? query : `${query}@${own}`);
    return jid?.local && jid.bare !== this.screen.chat.address.value ? jid.bare : undefined;
  }

  #choose(address: string | undefined): void {
    if (address !== undefined) this.dispatchEvent(new CustomEvent('choose', { bubbles: true, detail: address }));
  }

  readonly #cancel = (): void => void this.dispatchEvent(new CustomEvent('cancel', { bubbles: true }));

  readonly #onInput = (event: InputEvent): void => {
    this.query = (event.target as HTMLInputElement).value;
    this.active = 0;
  };

  readonly #onClick = (event: MouseEvent): void => {
    const option = event.target instanceof Element ? event.target.closest<HTMLElement>('[role="option"]') : null;
    this.#choose(option?.dataset['address']);
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const choices = this.#choices();
    if (event.key === 'Escape') this.#cancel();
    else if (!(event.target instanceof HTMLInputElement)) return;
    else if (event.key === 'ArrowDown') this.active = Math.min(this.active + 1, choices.length - 1);
    else if (event.key === 'ArrowUp') this.active = Math.max(this.active - 1, 0);
    else if (event.key === 'Enter') this.#choose(choices[Math.min(this.active, choices.length - 1)]?.address);
    else return;
    event.preventDefault();
  };
}

define('stoa-new-chat', StoaNewChat, 'screen', 'query', 'active');

/** Which message has the reader's attention: by focus, by the pointer resting on it, or by a long press; and focus that survives what is drawn anew. */
import type { Message } from '../entities/message.js';
import type { Part } from './part.js';

/** A finger that rests this long is a long press; when it begins to scroll the browser cancels it. */
const PRESS_MS = 500;

const messageOf = (target: EventTarget | null): HTMLElement | null => (target instanceof Element ? target.closest('article') : null);

export class Attention {
  /** Id of the message in which focus is. */
  focused: string | undefined;
  /** Id of the message whose actions are shown. */
  active: string | undefined;
  readonly #host: Part;
  /** The message that the Tab key leads to, once one was chosen. */
  #chosen: string | undefined;
  /** What had focus when the drawing began, as a browser may or may not tell when it is taken away. */
  #before: { readonly id: string; readonly position: string } | undefined;
  #press: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Part) {
    this.#host = host;
  }

  /** Forgets everything, as another conversation is shown. */
  reset(): void {
    clearTimeout(this.#press);
    this.focused = this.active = this.#chosen = undefined;
  }

  /** Id of the message that is the stop of the Tab key: the chosen one, else the newest. */
  stop(messages: readonly Message[]): string | undefined {
    return messages.some(({ id }) => id === this.#chosen) ? this.#chosen : messages.at(-1)?.id;
  }

  find(id: string): HTMLElement | undefined {
    return [...this.#host.getElementsByTagName('article')].find(({ dataset }) => dataset['id'] === id);
  }

  /** Moves focus to a message and brings it into view. */
  focus(element: HTMLElement): void {
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: 'nearest' });
  }

  focusLast(): void {
    [...this.#host.getElementsByTagName('article')].at(-1)?.focus({ preventScroll: true });
  }

  /** Before a drawing: takes note of where focus is. `messages` are those that are drawn now. */
  noteFocus(messages: readonly Message[]): void {
    const { focused } = this;
    this.#before = focused === undefined ? undefined : { id: focused, position: messages.find(({ id }) => id === focused)?.position ?? '' };
  }

  /** After a drawing: where what had focus is gone, focus goes to its message, or to the next one that is left. */
  restoreFocus(messages: readonly Message[]): void {
    const before = this.#before;
    this.#before = undefined;
    const active = (this.#host.getRootNode() as Document | ShadowRoot).activeElement;
    if (!before || (active && active !== document.body)) return;
    const next = messages.find(({ id }) => id === before.id) ?? messages.find(({ position }) => position > before.position) ?? messages.at(-1);
    if (next) this.find(next.id)?.focus({ preventScroll: true });
    else this.#set({ focused: undefined, active: undefined });
  }

  readonly focusIn = (event: FocusEvent): void => {
    const message = messageOf(event.target);
    const id = message?.dataset['id'];
    if (id === undefined) return;
    this.#chosen = id;
    this.#set({ focused: id, active: message?.matches(':focus-visible') ? id : this.active });
  };

  readonly focusOut = (event: FocusEvent): void => {
    if (event.relatedTarget instanceof Node && (event.currentTarget as Node).contains(event.relatedTarget)) return;
    this.#set({ focused: undefined, active: undefined });
  };

  readonly pointerOver = ({ pointerType, target }: PointerEvent): void => {
    const id = messageOf(target)?.dataset['id'];
    if (pointerType === 'mouse') this.#set({ active: id });
  };

  readonly pointerLeave = ({ pointerType }: PointerEvent): void => {
    if (pointerType === 'mouse') this.#set({ active: undefined });
  };

  readonly pointerDown = ({ pointerType, target }: PointerEvent): void => {
    if (pointerType === 'mouse') return;
    const id = messageOf(target)?.dataset['id'];
    this.pointerUp();
    if (id !== this.active) this.#set({ active: undefined });
    this.#press = setTimeout(() => this.#set({ active: id }), PRESS_MS);
  };

  readonly pointerUp = (): void => clearTimeout(this.#press);

  #set(next: { readonly focused?: string | undefined; readonly active: string | undefined }): void {
    const focused = 'focused' in next ? next.focused : this.focused;
    if (focused === this.focused && next.active === this.active) return;
    this.focused = focused;
    this.active = next.active;
    this.#host.requestUpdate();
  }
}

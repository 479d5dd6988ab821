/** The base of all elements: Lit draws them, anew whenever a property of theirs or a signal that the last drawing read has changed. */
import { render, type RenderOptions, type RootPart } from 'lit/html.js';
import { effect } from '../base/signal.js';

/** A cancelable event with what was thrown; cancelled by who reports it. */
export const DRAWING_FAILED = 'drawing-failed';

/** Lives with an element; called after the element itself has done the same. */
export interface Companion {
  hostConnected?(): void;
  hostDisconnected?(): void;
  /** After each drawing. */
  hostUpdated?(): void;
}

/** An element that draws into itself, as one shadow root serves them all. Several changes in one go are drawn once. */
export abstract class Part extends HTMLElement {
  /** Settles when what was asked for is drawn. */
  updateComplete: Promise<void> = Promise.resolve();
  readonly #companions: Companion[] = [];
  #options: RenderOptions | undefined;
  #drawn: RootPart | undefined;
  /** Names of properties that have changed since the last drawing. */
  #changed = new Set<PropertyKey>();
  #pending = false;
  #unwatch: (() => void) | undefined;

  /** What is to be seen: whatever a template may hold. Signals that are read from `willUpdate` to `updated` are watched. */
  protected abstract render(): unknown;
  protected willUpdate?(changed: ReadonlySet<PropertyKey>): void;
  protected firstUpdated?(): void;
  protected updated?(): void;

  /** Where it draws, before what stands there already. */
  protected createRenderRoot(): HTMLElement | ShadowRoot {
    return this;
  }

  get renderRoot(): HTMLElement | ShadowRoot {
    return this.shadowRoot ?? this;
  }

  addCompanion(companion: Companion): void {
    this.#companions.push(companion);
  }

  connectedCallback(): void {
    this.#options ??= { host: this, renderBefore: this.createRenderRoot().firstChild };
    this.#drawn?.setConnected(true);
    for (const companion of this.#companions) companion.hostConnected?.();
    this.requestUpdate();
  }

  disconnectedCallback(): void {
    this.#unwatch?.();
    this.#drawn?.setConnected(false);
    for (const companion of this.#companions) companion.hostDisconnected?.();
  }

  /** Has it drawn anew; while it is out of the page, when it comes back. */
  requestUpdate(property?: PropertyKey): void {
    if (property !== undefined) this.#changed.add(property);
    if (this.#pending || !this.isConnected) return;
    this.#pending = true;
    this.updateComplete = Promise.resolve().then(() => this.#watch());
  }

  #watch(): void {
    this.#unwatch?.();
    if (!this.isConnected) {
      this.#pending = false;
      return;
    }
    let drawing = true;
    this.#unwatch = effect(() => {
      // The first run draws and so subscribes; the second only asks for a new drawing, which subscribes anew.
      if (drawing) {
        drawing = false;
        try {
          this.performUpdate();
        } catch (error) {
          // Contained here, so that a signal that changes later draws it anew.
          this.drawingFailed(error);
        }
      } else this.requestUpdate();
    });
  }

  /** Tells what was thrown while drawing to whoever keeps the log, far above, by an event; an error that nobody takes is the page's. */
  protected drawingFailed(error: unknown): void {
    if (this.dispatchEvent(new CustomEvent(DRAWING_FAILED, { bubbles: true, cancelable: true, detail: error }))) throw error;
  }

  protected performUpdate(): void {
    const first = !this.#drawn;
    try {
      this.willUpdate?.(this.#changed);
      this.#drawn = render(this.render(), this.renderRoot, this.#options);
    } finally {
      this.#changed = new Set();
      this.#pending = false;
    }
    for (const companion of this.#companions) companion.hostUpdated?.();
    if (first) this.firstUpdated?.();
    this.updated?.();
  }
}

/** The one owner of the timeline's scroll position: at the end it stays there, elsewhere what is being read stays where it is, and the reader's own move always wins. */

/** A message and how far below the upper edge it begins, in pixels. */
export interface Hold {
  readonly element: HTMLElement;
  readonly offset: number;
}

/** Going down, this near to the end counts as the end. */
const NEAR = 32;
/** A move within this time after a touch is the reader's. */
const TOUCH_MS = 500;
const TOUCHES = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;
/** More than one, as the first may be removed. */
const HOLDS = 3;

export class ScrollKeeper {
  /** Whether the reader stands at the end. */
  stuck = true;
  readonly #scroller: HTMLElement;
  readonly #atEnd: () => boolean;
  readonly #items: HTMLCollectionOf<HTMLElement>;
  /** Where it was when we last looked or moved it. */
  #top = 0;
  #holds: readonly Hold[] = [];
  /** When the reader last did what scrolls. */
  #touched = -TOUCH_MS;
  /** On a smooth way to the end. */
  #gliding = false;

  /** `atEnd` says whether what is drawn ends with the newest there is; the things to hold on to are `article` elements. */
  constructor(scroller: HTMLElement, atEnd: () => boolean) {
    this.#scroller = scroller;
    this.#atEnd = atEnd;
    this.#items = scroller.getElementsByTagName('article');
    for (const touch of TOUCHES) scroller.addEventListener(touch, () => void (this.#touched = performance.now()), { passive: true });
  }

  get hidden(): boolean {
    return this.#scroller.clientHeight === 0;
  }

  /** Pixels between what is seen and the end. */
  get below(): number {
    const { scrollHeight, clientHeight, scrollTop } = this.#scroller;
    return scrollHeight - clientHeight - scrollTop;
  }

  /** The message at the upper edge; undefined at the end. */
  get hold(): Hold | undefined {
    return this.stuck ? undefined : this.#holds[0];
  }

  /**
   * Takes note of where the reader is: before each change of what is drawn, and after each scrolling. `unsettled`: something was drawn and
   * has not been settled, so the browser itself may have moved what is seen.
   */
  note(unsettled = false): void {
    if (this.hidden) return;
    const top = this.#scroller.scrollTop;
    const byReader = !unsettled || performance.now() - this.#touched < TOUCH_MS;
    // Up by ever so little is a wish to leave the end; a move that nobody made is none.
    if (top < this.#top - 1 && byReader) this.stuck = this.#atEnd() && this.below <= 2;
    else if (top > this.#top + 1) this.stuck = this.#atEnd() && (this.#gliding || this.below <= NEAR);
    this.#gliding &&= this.stuck && this.below > 2;
    this.#top = top;
    if (!this.stuck) this.#holds = this.#visible();
  }

  /** Puts the reader back where `note` found them: after each change of what is drawn or of its size. */
  settle(): void {
    if (this.hidden) return;
    if (this.stuck) return this.#move(this.#scroller.scrollHeight);
    const held = this.#holds.find(({ element }) => element.isConnected);
    if (held) this.#move(this.#scroller.scrollTop + this.#offset(held.element) - held.offset);
    return undefined;
  }

  /** Goes to the end and stays there. */
  stick(smoothly = false): void {
    const { clientHeight, scrollHeight } = this.#scroller;
    this.stuck = true;
    this.#gliding = smoothly && this.below < 2 * clientHeight;
    if (this.#gliding) this.#scroller.scrollTo({ top: scrollHeight, behavior: 'smooth' });
    else this.settle();
  }

  /** Shows a thing at a distance from the upper edge. */
  show({ element, offset }: Hold): void {
    this.#move(this.#scroller.scrollTop + this.#offset(element) - offset);
    this.stuck = this.#atEnd() && this.below <= 2;
    if (!this.stuck) this.#holds = this.#visible();
  }

  #move(top: number): void {
    if (Math.abs(top - this.#scroller.scrollTop) >= 0.5) this.#scroller.scrollTop = top;
    this.#top = this.#scroller.scrollTop;
  }

  #offset(element: HTMLElement): number {
    return element.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top;
  }

  /** The first messages that reach below the upper edge, found by halving. */
  #visible(): readonly Hold[] {
    const edge = this.#scroller.getBoundingClientRect().top;
    let from = 0;
    let to = this.#items.length;
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((this.#items[middle]?.getBoundingClientRect().bottom ?? 0) > edge) to = middle;
      else from = middle + 1;
    }
    return Array.from({ length: HOLDS }, (_, index) => this.#items[from + index])
      .filter(element => element !== undefined)
      .map(element => ({ element, offset: element.getBoundingClientRect().top - edge }));
  }
}

/** Things that were added are given back in reverse order; a disposer remembers them. */

/** Gives something back. May be called once; a promise means that giving back takes time. */
export type Disposable = () => void | Promise<void>;

/** Hears an error that a clean-up threw, so that the other clean-ups still run. */
export type DisposeErrorSink = (error: unknown) => void;

/** Owns clean-ups and runs them in reverse order. */
export class Disposer {
  #owned: Disposable[] = [];
  #disposed: Promise<void> | undefined;
  readonly #onError: DisposeErrorSink;

  constructor(onError: DisposeErrorSink) {
    this.#onError = onError;
  }

  get disposed(): boolean {
    return this.#disposed !== undefined;
  }

  /** Takes over a clean-up and returns a function that runs it early, once. After `dispose` it runs at once. */
  own(disposable: Disposable): Disposable {
    let given = false;
    const giveBack: Disposable = () => {
      if (given) return undefined;
      given = true;
      const index = this.#owned.indexOf(giveBack);
      if (index >= 0) this.#owned.splice(index, 1);
      return disposable();
    };
    if (this.#disposed) void this.#run(giveBack);
    else this.#owned.push(giveBack);
    return giveBack;
  }

  /** Runs every clean-up in reverse order, each in its own guard. Calling it again returns the same promise. */
  dispose(): Promise<void> {
    this.#disposed ??= this.#disposeAll();
    return this.#disposed;
  }

  async #disposeAll(): Promise<void> {
    // The synchronous halves all run before the first await: nodes and listeners go at once.
    const pending = [...this.#owned].reverse().map(disposable => this.#run(disposable));
    this.#owned = [];
    await Promise.all(pending);
  }

  async #run(disposable: Disposable): Promise<void> {
    try {
      await disposable();
    } catch (error) {
      this.#onError(error);
    }
  }
}

/** Work in lanes: one job at a time in a lane, lanes side by side. */

/** Runs jobs of one lane strictly one after the other; a job that fails does not stop the next. */
export class Lanes {
  readonly #tails = new Map<string, Promise<unknown>>();

  /** Queues `job` behind all others of `lane`; settles as the job does. */
  run<T>(lane: string, job: () => T | Promise<T>): Promise<T> {
    const before = this.#tails.get(lane) ?? Promise.resolve();
    const result = before.then(job);
    const forget = (): void => {
      if (this.#tails.get(lane) === tail) this.#tails.delete(lane);
    };
    const tail: Promise<void> = result.then(forget, forget);
    this.#tails.set(lane, tail);
    return result;
  }
}

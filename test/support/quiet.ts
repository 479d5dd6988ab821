/** Tells when nothing is under way any more: hashes and messages of fake sockets take their time, and more of it on a busy machine. */

let underWay = 0;

/** Counts something until it is done. */
export const track = <T>(work: Promise<T>): Promise<T> => {
  underWay++;
  const done = (): void => void underWay--;
  work.then(done, done);
  return work;
};

for (const name of ['deriveBits', 'digest', 'importKey', 'sign'] as const) {
  const original = crypto.subtle[name].bind(crypto.subtle) as (...given: readonly unknown[]) => Promise<unknown>;
  Object.defineProperty(crypto.subtle, name, { configurable: true, value: (...given: readonly unknown[]) => track(original(...given)) });
}

const turn = (): Promise<void> => new Promise(resolve => setTimeout(resolve));

/** Lets everything that is ready happen, and what follows from it: promises, hashes, messages of fake sockets. */
export const settle = async (): Promise<void> => {
  for (let quiet = 0; quiet < 4; quiet++) {
    await turn();
    if (underWay > 0) quiet = -1;
  }
};

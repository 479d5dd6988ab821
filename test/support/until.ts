/** Waiting for a condition: the only kind of waiting that tests do. */

/** How long a condition may take to come true: far longer than it ever does on a quiet machine, and less than a test may take in a browser, so that it can say what it waited for. */
export const PATIENCE_MS = 'document' in globalThis ? 8_000 : 20_000;
const STEP_MS = 25;

/** Asks again and again until the answer is truthy, and gives it back; then says what was waited for, and what `describe` tells of the state. */
export const until = async <T>(what: string, ask: () => T | Promise<T>, describe: () => string | Promise<string> = () => '', patience = PATIENCE_MS): Promise<Exclude<T, undefined | null | false | 0 | ''>> => {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer) return answer as Exclude<T, undefined | null | false | 0 | ''>;
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${what}. ${await describe()}`);
    await new Promise(resolve => setTimeout(resolve, STEP_MS));
  }
};

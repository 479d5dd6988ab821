/** Steps with names: what is contributed to a phase runs in the order of the phases, each step in its own guard. */
import type { Contribution } from './slot.js';

/** A step of a pipeline; `P` is the literal union of its phases. */
export interface Step<P extends string, D, R> {
  readonly phase: P;
  run(draft: D): R | Promise<R>;
}

/** What stops a pipeline: an answer of a step, or its throw. */
export type Halt<R> =
  | { readonly kind: 'answer'; readonly owner: string; readonly answer: Exclude<R, void | undefined> }
  | { readonly kind: 'error'; readonly owner: string; readonly error: unknown };

/**
 * Runs the steps phase by phase over a draft that they may change.
 * Returns what halted it, undefined when all steps ran.
 */
export const runPipeline = async <P extends string, D, R>(
  phases: readonly P[],
  steps: readonly Contribution<Step<P, D, R>>[],
  draft: D,
): Promise<Halt<R> | undefined> => {
  for (const phase of phases) {
    for (const { owner, value } of steps) {
      if (value.phase !== phase) continue;
      try {
        const running = value.run(draft);
        const answer = running instanceof Promise ? await running : running;
        if (answer !== undefined) return { kind: 'answer', owner, answer: answer as Exclude<R, void | undefined> };
      } catch (error) {
        return { kind: 'error', owner, error };
      }
    }
  }
  return undefined;
};

import type { Fault } from './faulty.js';
import { sweep } from './sweep.js';

describe('a conversation over a database that does not answer', () => {
  // Each takes as long as the patience of the store.
  for (const fault of ['hung', 'silent'] satisfies readonly Fault[]) sweep(fault, 5);
});

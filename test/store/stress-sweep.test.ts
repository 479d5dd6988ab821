import type { Fault } from './faulty.js';
import { sweep } from './sweep.js';

describe('a conversation over a database that fails', () => {
  for (const fault of ['full', 'broken', 'gone'] satisfies readonly Fault[]) sweep(fault, 2);
});

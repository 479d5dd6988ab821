/** ANONYMOUS (RFC 4505): a guest, whose address the server chooses. */
import { trouble } from '../trouble.js';
import type { Mechanism } from './mechanism.js';

export const anonymous = (): Mechanism => ({
  name: 'ANONYMOUS',
  first: () => '',
  respond: () => Promise.reject(trouble('guests-refused', 'ANONYMOUS has no challenge')),
  finish: () => undefined,
});

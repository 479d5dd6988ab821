/** What belongs to the device and not to an account: its key in the store, and the accounts that visitors get on it. */
import { randomId } from '../base/id.js';

/** The account under which it is stored. */
export const DEVICE = '';

/** A new account key for a visitor. */
export const newVisitor = (): string => `visitor:${randomId()}`;

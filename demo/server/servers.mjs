// The two servers that the tests run against, by name, behind one shape.
import { startEjabberd } from './ejabberd.mjs';
import { startProsody } from './prosody.mjs';

/**
 * A running server: its addresses, and what can be done to it.
 *
 * @typedef {object} Server
 * @property {'prosody' | 'ejabberd'} name
 * @property {string} ws
 * @property {string} bosh
 * @property {string} domain
 * @property {string} guestDomain where people log in without an account
 * @property {string} roomsDomain
 * @property {Readonly<Record<string, string>>} domainOf by SASL mechanism a domain where it is the strongest that is offered
 * @property {string} [sasl2Domain] where people log in by SASL2 and by tokens; not every server can
 * @property {number} port
 * @property {string} dir
 * @property {string} log
 * @property {() => Promise<void>} start
 * @property {() => Promise<void>} quit ends it politely
 * @property {() => Promise<void>} kill ends it as a power cut would; start() brings it back on the same port with the same data
 * @property {() => Promise<void>} stop ends it politely and removes its folder if that was a temporary one
 * @property {(name: string, password: string, domain?: string) => Promise<void>} adduser
 * @property {(name: string, domain?: string) => Promise<void>} deluser
 */

/** @typedef {{ dir?: string, accounts?: readonly { user: string, password: string, domain?: string }[], resumeSeconds?: number, inactivitySeconds?: number, muc?: boolean }} ServerOptions */

/**
 * Starts a server and resolves when it answers.
 *
 * @param {'prosody' | 'ejabberd'} name
 * @param {ServerOptions} [options] what both understand
 * @returns {Promise<Server>}
 */
export const startServer = (name, options) => (name === 'ejabberd' ? startEjabberd(options) : startProsody(options));

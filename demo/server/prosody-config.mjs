// Writes the configuration of our Prosody: loopback only, one HTTP port, and everything inside one folder.
import { join } from 'node:path';

const lua = (value) => `"${String(value).replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')}"`;

const modules = [
  ...['roster', 'saslauth', 'disco', 'ping', 'websocket', 'bosh', 'http', 'carbons', 'mam', 'smacks', 'csi_simple'],
  ...['presence', 'message', 'iq', 'offline', 'vcard_legacy', 'pep', 'blocklist', 'private', 'bookmarks', 'time', 'version'],
];

/**
 * @param {{ dir: string, port: number, limits?: boolean, muc?: boolean, resumeSeconds?: number, inactivitySeconds?: number, sasl2?: boolean, extra?: string }} options
 *   `limits` switches on mod_limits as Prosody ships it; `resumeSeconds` is how long a broken session may be resumed, `inactivitySeconds` the same for BOSH; `sasl2` adds a host with SASL2 and tokens, for which the community's modules are needed; `extra` is Lua for the end of the global part.
 */
export function prosodyConfig({ dir, port, limits = false, muc = true, resumeSeconds = 120, inactivitySeconds = 120, sasl2 = false, extra = '' }) {
  return `-- Written anew by demo/server/prosody.mjs at every start.
data_path = ${lua(join(dir, 'data'))}
plugin_paths = { ${lua(join(dir, 'modules'))} }
pidfile = ${lua(join(dir, 'prosody.pid'))}
certificates = ${lua(join(dir, 'certs'))}
log = { { levels = { min = "debug" }, to = "file", filename = ${lua(join(dir, 'prosody.log'))} } }

-- Only the HTTP port is opened, and only to this machine.
interfaces = { "127.0.0.1" }
http_interfaces = { "127.0.0.1" }
http_ports = { ${port} }
https_ports = {}
c2s_ports = {}
c2s_direct_tls_ports = {}
s2s_ports = {}
s2s_direct_tls_ports = {}
modules_disabled = { "s2s", "s2s_auth_certs", "tls" }
modules_enabled = { ${[...modules, ...(limits ? ['limits'] : [])].map(lua).join(', ')} }
${limits ? 'limits = { c2s = { rate = "10kb/s", burst = "2s" } }' : ''}

-- Over plain ws:// and http:// on loopback, from pages of any origin.
consider_websocket_secure = true
consider_bosh_secure = true
cross_domain_websocket = true
cross_domain_bosh = true
http_default_host = "localhost"
http_external_url = "http://localhost:${port}/"

allow_registration = false
authentication = "internal_hashed"
storage = { archive = "sql", muc_log = "sql" }
default_storage = "internal"
sql = { driver = "SQLite3", database = ${lua(join(dir, 'archive.sqlite'))} }
sqlite_tune = "fast"
archive_expires_after = "never"
default_archive_policy = true
muc_log_expires_after = "never"
muc_log_by_default = true
smacks_hibernation_time = ${resumeSeconds}
-- Tests let more wait than any reader would.
smacks_max_queue_size = 20000
bosh_max_inactivity = ${inactivitySeconds}
statistics = false
${extra}

VirtualHost "localhost"
VirtualHost "sha256.localhost"
  password_hash = "SHA-256"
VirtualHost "plain.localhost"
  disable_sasl_mechanisms = { "SCRAM-SHA-1", "SCRAM-SHA-256" }
VirtualHost "guest.localhost"
  authentication = "anonymous"
${sasl2 ? 'VirtualHost "sasl2.localhost"\n  modules_enabled = { "sasl2_on_0_12", "sasl2", "sasl2_bind2", "sasl2_sm", "sasl2_fast" }\n' : ''}${muc ? 'Component "rooms.localhost" "muc"\n  modules_enabled = { "muc_mam" }\n  restrict_room_creation = false\n' : ''}`;
}

// Writes the configuration of our ejabberd: loopback only, one HTTP port, and everything inside one folder.
import { join } from 'node:path';

/**
 * JSON is YAML, so the configuration is data.
 *
 * @param {{ dir: string, port: number, muc?: boolean, resumeSeconds?: number, inactivitySeconds?: number, modules?: Readonly<Record<string, object>> }} options
 *   `resumeSeconds` is how long a broken session may be resumed, `inactivitySeconds` the same for BOSH; `modules` are further ones, or other options of these.
 */
export function ejabberdConfig({ dir, port, muc = true, resumeSeconds = 120, inactivitySeconds = 120, modules = {} }) {
  const address = `localhost:${port}`;
  const config = {
    hosts: ['localhost', 'sha256.localhost', 'sha512.localhost', 'plain.localhost', 'fresh.localhost', 'guest.localhost'],
    loglevel: 'info',
    // Nothing is asked of the network, and nothing listens but the one port.
    acme: { auto: false },
    listen: [
      {
        port,
        ip: '127.0.0.1',
        module: 'ejabberd_http',
        request_handlers: { '/xmpp-websocket': 'ejabberd_http_ws', '/http-bind': 'mod_bosh', '/.well-known/host-meta': 'mod_host_meta', '/.well-known/host-meta.json': 'mod_host_meta', '/api': 'mod_http_api' },
      },
    ],
    // Whoever reaches the port is on this machine and may do all: it is how accounts are made.
    api_permissions: { 'this machine': { from: ['mod_http_api'], who: 'all', what: '*' } },
    // So it is how a site gets tokens for its people.
    oauth_access: 'all',
    auth_method: ['sql'],
    // Keys, as whoever stays signed in has keys as well: for a password that is stored as it is ejabberd makes other ones for each login.
    auth_password_format: 'scram',
    auth_scram_hash: 'sha',
    host_config: {
      'sha256.localhost': { auth_scram_hash: 'sha256' },
      'sha512.localhost': { auth_scram_hash: 'sha512' },
      'plain.localhost': { auth_password_format: 'plain', disable_sasl_mechanisms: ['SCRAM-SHA-1', 'SCRAM-SHA-256', 'SCRAM-SHA-512', 'X-OAUTH2'] },
      // As ejabberd is by default.
      'fresh.localhost': { auth_password_format: 'plain' },
      'guest.localhost': { auth_method: ['anonymous'], anonymous_protocol: 'sasl_anon' },
    },
    // Its own database writes what it was told only after a while, and a power cut is one of the tests.
    default_db: 'sql',
    new_sql_schema: true,
    sql_type: 'sqlite',
    sql_database: join(dir, 'ejabberd.sqlite'),
    auth_use_cache: false,
    shaper_rules: { max_user_sessions: 100 },
    websocket_ping_interval: 60,
    websocket_timeout: 300,
    modules: {
      mod_admin_extra: {},
      mod_bosh: { max_inactivity: inactivitySeconds },
      mod_caps: {},
      mod_carboncopy: {},
      mod_client_state: {},
      mod_disco: {},
      mod_host_meta: { bosh_service_url: `http://${address}/http-bind`, websocket_url: `ws://${address}/xmpp-websocket` },
      mod_http_api: {},
      mod_last: {},
      mod_mam: { default: 'always', assume_mam_usage: true },
      mod_offline: { access_max_user_messages: 'all', use_mam_for_storage: false },
      mod_ping: {},
      mod_pubsub: { plugins: ['flat', 'pep'] },
      mod_roster: { versioning: true },
      mod_stream_mgmt: { resume_timeout: resumeSeconds, max_resume_timeout: resumeSeconds, max_ack_queue: 'infinity' },
      mod_vcard: {},
      ...(muc ? { mod_muc: { host: 'rooms.@HOST@', default_room_options: { mam: true } } } : {}),
      ...modules,
    },
  };
  return `# Written anew by demo/server/ejabberd.mjs at every start.\n${JSON.stringify(config, null, 2)}\n`;
}

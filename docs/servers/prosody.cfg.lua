-- What Stoa needs of Prosody 0.12, as a configuration that loads by itself: put your domain in place of example.org and merge it into yours.
-- Stoa's tests start Prosody with this very file.

modules_enabled = {
  -- What every server has.
  "roster", "saslauth", "tls", "disco", "ping", "pep", "blocklist", "vcard_legacy", "private", "bookmarks",
  -- The two ways in for web pages: WebSocket (RFC 7395) and BOSH (XEP-0124), the second for networks that break the first.
  "websocket", "bosh",
  -- A reload or a broken connection goes on where it was (XEP-0198).
  "smacks",
  -- All devices of an account see the same, also later (XEP-0280, XEP-0313).
  "carbons", "mam",
  -- Nothing urgent is sent to a page that nobody looks at (XEP-0352).
  "csi_simple",
}

-- Prosody listens to your web server only, on plain http; TLS ends there, so it has to be told that nobody listens in between.
http_ports = { 5280 }
http_interfaces = { "127.0.0.1" }
https_ports = {}
consider_websocket_secure = true
consider_bosh_secure = true
-- Whose the requests are that come with another host name than that of an account domain.
http_default_host = "example.org"

-- How long a broken session waits for its page, in seconds: laptops sleep, people walk through tunnels.
smacks_hibernation_time = 600
-- The same for BOSH, which visitors may use: they seldom come back later than that, and all that time their address looks as if somebody were there.
bosh_max_inactivity = 120

-- The people who answer, and everybody else who has an account.
VirtualHost "example.org"
  authentication = "internal_hashed"

-- Visitors of your pages: they log in without an account, and only here.
VirtualHost "guest.example.org"
  authentication = "anonymous"

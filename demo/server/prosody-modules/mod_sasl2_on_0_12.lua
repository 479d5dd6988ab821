-- Lets mod_sasl2, mod_sasl2_bind2, mod_sasl2_sm and mod_sasl2_fast of Debian's prosody-modules run on Prosody 0.12: they call what only later versions have, which is supplied here.
-- For tests and the demo; a site that wants SASL2 runs a Prosody that has it.

local datetime = require "util.datetime";
local stanza_mt = require "util.stanza".stanza_mt;
local parse_xml = require "util.xml".parse;

local xmlns_stanza_errors = "urn:ietf:params:xml:ns:xmpp-stanzas";

-- Elements of later versions.

stanza_mt.get_child_attr = stanza_mt.get_child_attr or function (self, name, xmlns, attr)
	local child = self:get_child(name, xmlns);
	return child and child.attr[attr] or nil;
end

stanza_mt.add_error = stanza_mt.add_error or function (self, err)
	return self:tag(err and err.condition or "undefined-condition", { xmlns = xmlns_stanza_errors }):up();
end

-- Tokens end at a fraction of a second, which os.date does not take.
if not pcall(datetime.datetime, 0.5) then
	local whole = datetime.datetime;
	datetime.datetime = function (t) return whole(t and math.floor(t)); end
end

-- Who says in the stream's opening who it is: only that account has tokens.

module:hook_global("websocket-session", function (event)
	event.session.stream_attrs = function (session, _, from) session.stream_from = from; end
end);

module:hook_global("bosh-session", function (event)
	local body = event.request.body and parse_xml(event.request.body);
	event.session.stream_from = body and body.attr.from;
	-- Events of SASL2 are named by it.
	event.session.base_type = event.session.base_type or "c2s";
end);

module:hook("stream-features", function (event)
	local origin = event.origin;
	event.stream = event.stream or { from = origin.stream_from };
	local conn = origin.conn;
	if conn and not conn.ssl_info then
		function conn:ssl_info()
			local socket = self:socket();
			return socket.info and socket:info();
		end
	end
end, 1000);

-- A stream that has refused a token takes a password.

module:hook("sasl2/c2s/failure", function (event)
	event.session.sasl_handler = nil;
end, 100);

-- Stream management as something that can be called: what it would say is caught, and said in one go with the success.

local smacks = module:depends("smacks");

local function catch(session, act)
	local said, send = {}, session.send;
	-- Stream management hands these two on by their names.
	local filter, its = session.filter, session;
	session.send = function (stanza)
		local _ = filter, its;
		said[#said + 1] = stanza;
		return true;
	end
	local ok, err = pcall(act);
	return send, said, ok, err;
end

local function refusal(said)
	local failed = said[1];
	local condition = failed and failed.tags[1];
	return { type = "cancel"; condition = condition and condition.name or "internal-server-error"; context = { h = failed and tonumber(failed.attr.h) } };
end

smacks.do_enable = smacks.do_enable or function (session, request)
	local send, said, ok, err = catch(session, function () smacks.handle_enable(session, request, request.attr.xmlns); end);
	session.send = send;
	if not ok then error(err); end
	local enabled = said[1];
	if not enabled or enabled.name ~= "enabled" then return nil, refusal(said); end
	return { type = "enabled"; session = session; id = enabled.attr.id; resume_max = enabled.attr.max; finish = function () end };
end

smacks.do_resume = smacks.do_resume or function (session, request)
	local send, said, ok, err = catch(session, function () smacks.handle_resume(session, request, request.attr.xmlns); end);
	local id = request.attr.previd;
	local resumed = module:shared("/*/smacks/resumption-tokens")[session.username .. "@" .. session.host .. "/" .. id];
	local goes_on = ok and said[1] and said[1].name == "resumed" and resumed;
	if not goes_on then
		session.send = send;
		if not ok then error(err); end
		return nil, refusal(said);
	end
	resumed.send = send;
	resumed.send.session = resumed;
	resumed.send.filter = resumed.filter;
	local function finish()
		-- They are in the queue already.
		resumed.resending_unacked = true;
		for i = 2, #said do send(said[i]); end
		resumed.resending_unacked = nil;
	end
	return { type = "resumed"; session = resumed; id = id; finish = finish };
end

-- KEYS[1]: the account. ARGV: …, handle, rest of the hash, claims version, payload. Only ever replaces the ticket of a session that is there.
open(KEYS[1])
local record = redis.call('HGET', account, ARGV[4])
local s = record and parse(record)
if not s or s.rest ~= ARGV[5] or s.ends <= now or s.gen < gen then return 0 end
if tonumber(ARGV[6]) > s.claims then
  s.claims, s.payload = tonumber(ARGV[6]), ARGV[7]
  put(ARGV[4], s)
end
return 1

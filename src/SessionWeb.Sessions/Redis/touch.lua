-- KEYS[1]: the account. ARGV: …, handle, rest of the hash. Only ever extends a session that is there, with one write: its key lives long
-- enough from the start. Returns nothing without a session, else whether the index of recent sessions should follow: 2 = at once,
-- 1 = some time, 0 = no.
open(KEYS[1])
local record = redis.call('HGET', account, ARGV[4])
local s = record and parse(record)
if not s or not acceptedUntil(s, ARGV[5]) then return false end
local before, ends = s.ends, math.min(now + s.idle, s.expires)
if ends > before then
  s.ends = ends
  put(ARGV[4], s)
end
-- Capped by the absolute expiry, the end does not tell the last use any more; only the index does.
if ends == s.expires then return 2 end
-- Two times per idle timeout the order of the index is brought up to date.
local span = math.max(s.idle / 2, 60000)
return math.floor((before - s.idle) / span) < math.floor(now / span) and 1 or 0

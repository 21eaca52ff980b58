-- Extends a live session with one write. KEYS[1]: the account. ARGV: the common ones, handle, rest of the hash
-- Returns false without a session; else when to update the index of recent sessions: 2 = now, 1 = later, 0 = not.
open(KEYS[1])
local record = redis.call('HGET', account, ARGV[4])
local s = record and parse(record)
if not s or not acceptedUntil(s, ARGV[5]) then return false end
local before, ends = s.ends, math.min(now + s.idle, s.expires)
if ends > before then
  s.ends = ends
  put(ARGV[4], s)
end
-- At the absolute expiry, the idle expiry no longer shows the last use. Only the index does.
if ends == s.expires then return 2 end
-- The index is updated twice per idle timeout.
local span = math.max(s.idle / 2, 60000)
return math.floor((before - s.idle) / span) < math.floor(now / span) and 1 or 0

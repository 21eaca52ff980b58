-- KEYS[1]: the account. ARGV: the common ones, handle, rest of the hash
-- Returns the record, the current claims version if the session's is stale, and how many ms the session is accepted;
-- or false and how it ended; or false, false and the rest of its new id.
local handle, rest = ARGV[4], ARGV[5]
open(KEYS[1])
local record = redis.call('HMGET', account, handle)[1]
if record then
  local s = parse(record)
  if not s then error('the session ' .. handle .. ' has an unknown format') end
  local ends = acceptedUntil(s, rest)
  if ends and s.rest == rest and s.isUnused then
    s.isUnused, s.formerEnds = false, now + s.formerEnds
    put(handle, s)
  end
  if ends then return { record, claims > s.claims and int(claims), int(ends - now) } end
  if s.ends > now and s.gen >= gen then return { false, false, s.rest } end
  -- A session that has not expired is of a lower generation here: a write since has raised the account's.
  finish(handle, s.ends > now and '{"reason":"expired"}' or expiry(s))
end
return { false, redis.call('GET', account .. ':' .. handle) }

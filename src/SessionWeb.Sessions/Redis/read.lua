-- KEYS[1]: the account. ARGV: …, handle, rest of the hash. Returns the record, the newest claims version if it is newer than the session's,
-- and for how many ms it lives; or how it ended.
local handle, rest = ARGV[4], ARGV[5]
open(KEYS[1])
local record = redis.call('HMGET', account, handle)[1]
if record then
  local s = parse(record)
  if not s then error('the session ' .. handle .. ' has a format of a later version') end
  if s.rest == rest then
    if s.ends > now and s.gen >= gen then return { record, claims > s.claims and int(claims), int(s.ends - now) } end
    finish(handle, s, s.ends > now and '{"reason":"expired"}' or expiry(s))
  end
end
return { false, redis.call('GET', account .. ':' .. handle .. rest) }

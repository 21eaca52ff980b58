-- ARGV: …, h. Only ever extends a session that is there, with one write: its keys live long enough from the start.
-- Returns false without a session, else whether the list of who is online should be told: 'at once', 'some time' or 'no'.
local h = ARGV[4]
local record = redis.call('HGET', s, h)
if not record then return false end
local _, expires, _, idle = parse(record)
local before = tonumber(redis.call('ZSCORE', x, h) or 0)
if before <= now then return false end
local ends = math.min(now + idle, expires)
if ends > before then redis.call('ZADD', x, 'XX', int(ends), h) end
-- Capped by the absolute expiry, the end does not tell the last use any more; only that list does.
if ends == expires then return 'at once' end
-- Two times per idle timeout the list's order is brought up to date.
local span = math.max(idle / 2, 60000)
return math.floor((before - idle) / span) < math.floor(now / span) and 'some time' or 'no'

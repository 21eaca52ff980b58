-- ARGV: …, h, claims version, record. Only ever replaces the ticket of a session that is there.
local h, claims = ARGV[4], tonumber(ARGV[5])
local record = redis.call('HGET', s, h)
if not record or tonumber(redis.call('ZSCORE', x, h) or 0) <= now then return 0 end
local gen, expires, signedIn, idle, old, all = parse(record)
if claims > old then redis.call('HSET', s, h, line(gen, expires, signedIn, idle, claims, all) .. ARGV[6]) end
return 1

-- ARGV: a new log's identity, the entry's number, its id, the incarnation in which it was appended
-- Returns 1 if the log still has the entry, and the register.
openLog(ARGV[1])
local entry = redis.call('ZRANGEBYSCORE', log, ARGV[2], ARGV[2])[1]
local there = ARGV[4] == current and entry and string.sub(entry, 1, #ARGV[3] + 3) == '1 ' .. ARGV[3] .. ' '
return { there and 1 or 0, redis.call('HGETALL', nodes) }

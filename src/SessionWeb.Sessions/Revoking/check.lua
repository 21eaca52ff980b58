-- ARGV: entry's number, its id, the incarnation in which it was appended
local entry = redis.call('ZRANGEBYSCORE', log, ARGV[1], ARGV[1])[1]
local there = ARGV[3] == current and entry and string.sub(entry, 1, #ARGV[2] + 1) == ARGV[2] .. ' '
return { there and 1 or 0, redis.call('HGETALL', nodes) }

-- ARGV: id, entry, everyone's new generation ('' = as it is), its ending, how long entries are kept in ms
local id, entry, gen, ending, keep = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
if gen ~= '' then
  local taken = tonumber(redis.call('HGET', everyone, 'gen') or 0)
  -- Carried out again, it is not somebody else's.
  if redis.call('HGET', everyone, 'id') ~= id then
    if tonumber(gen) <= taken then
      -- Unless it is in the log already, where somebody else's followed it: made again, it would end who signed in since.
      local entries = redis.call('ZRANGE', log, 0, -1, 'WITHSCORES')
      for i = 1, #entries, 2 do
        if string.sub(entries[i], 1, #id + 1) == id .. ' ' then
          return { tonumber(entries[i + 1]), current, replicas, redis.call('HGETALL', nodes) }
        end
      end
      return { 0, taken }
    end
    redis.call('HSET', everyone, 'gen', gen, 'ending', ending, 'id', id)
  end
end
local n = redis.call('INCR', seq)
redis.call('ZADD', log, n, id .. ' ' .. int(now) .. ' ' .. entry)

-- The latest entry stays: by it nodes see that this is the log they know.
for _, old in ipairs(redis.call('ZRANGEBYSCORE', log, '-inf', '(' .. n, 'LIMIT', 0, 20)) do
  if tonumber(string.match(old, ' (%d+) ')) > now - keep then break end
  redis.call('ZREM', log, old)
end
redis.call('PUBLISH', '{swrev}:log', n)
return { n, current, replicas, redis.call('HGETALL', nodes) }

-- ARGV: …, claims version, its lifetime ms (as long as the longest session can live)
if tonumber(ARGV[4]) > tonumber(redis.call('HGET', m, 'claims') or 0) then
  redis.call('HSET', m, 'claims', ARGV[4])
end
if redis.call('PTTL', m) < tonumber(ARGV[5]) then redis.call('PEXPIRE', m, ARGV[5]) end

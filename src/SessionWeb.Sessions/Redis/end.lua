-- ARGV: …, handle to end ('' = all), handle to keep ('' = none), generation ('' = as it is), ending, generation's lifetime ms
-- Returns what it ended, and the handles of all that the log does not tell of yet.
local handle, kept, gen, ending = ARGV[4], ARGV[5], ARGV[6], ARGV[7]
sweep()

if gen ~= '' and tonumber(gen) > tonumber(redis.call('HGET', m, 'gen') or 0) then
  redis.call('HSET', m, 'gen', gen)
  -- As long as the longest session can live, whether or not the account has one.
  redis.call('PEXPIRE', m, ARGV[8])
end

local ended = {}
for _, h in ipairs(redis.call('HKEYS', s)) do
  local name = string.sub(h, 1, 12)
  if (handle == '' or name == handle) and name ~= kept then
    finish(h, ending)
    noteUntold(h)
    ended[#ended + 1] = h
  end
end
if #ended > 0 then tell() end
if redis.call('PTTL', m) < 0 then redis.call('PEXPIRE', m, ARGV[8]) end

local untold = {}
for _, field in ipairs(redis.call('HKEYS', m)) do
  untold[#untold + 1] = string.match(field, '^untold:(.+)')
end
return { ended, untold }

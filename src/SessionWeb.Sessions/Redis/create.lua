-- ARGV: …, h, generation, name, idle ms, lifetime ms, most sessions, refuse when full (1|0), replaced ending, claims version, record
local h, gen, name, idle, lifetime = ARGV[4], tonumber(ARGV[5]), ARGV[6], tonumber(ARGV[7]), tonumber(ARGV[8])
local most, refuse, replaced, claims, record = tonumber(ARGV[9]), ARGV[10] == '1', ARGV[11], ARGV[12], ARGV[13]

if gen < tonumber(redis.call('HGET', m, 'gen') or 0) then return { 'StaleGeneration' } end
-- This node has not heard yet that everyone was signed out.
if everyone < tonumber(redis.call('HGET', m, 'all') or 0) then return { 'StaleGeneration' } end
local expired = sweep()

local ended = {}
local over = redis.call('ZCARD', x) + 1 - most
if over > 0 then
  if refuse then return { 'Full' } end
  local oldest = {}
  for _, old in ipairs(redis.call('HKEYS', s)) do
    local _, _, signedIn = parse(redis.call('HGET', s, old))
    oldest[#oldest + 1] = { h = old, at = signedIn }
  end
  table.sort(oldest, function(a, b) return a.at < b.at end)
  for i = 1, over do
    ended[i] = oldest[i].h
    finish(ended[i], replaced)
    noteUntold(ended[i])
  end
  tell()
end

local expires = now + lifetime
local ends = math.min(now + idle, expires)
redis.call('HSET', m, 'gen', int(gen), 'name', name)
redis.call('HSET', s, h, line(gen, expires, now, idle, tonumber(claims), everyone) .. record)
redis.call('ZADD', x, int(ends), h)
-- The generation outlives every sign-in that could have begun before it.
keep(m, expires, idle)
keep(s, expires, idle)
keep(x, expires, idle)
return { 'Created', ended, expired }

-- Shared by the scripts of this folder. All keys of an account lie in one hash slot, {u} being its tag:
--   {u}:m    hash    gen -> the account's generation, only ever raised; name -> its display name;
--                  claims -> the version of its claims, only ever raised; all -> the generation of everyone up to which its sessions were ended;
--                  untold:handle -> a session that was ended, until the log of revocations tells of it
--   {u}:s    hash    h -> 'gen expires signedIn idle claims all\n' .. what people may see and the ticket; h is the SHA-256 of the session's secret
--   {u}:x    zset    h -> when the session ends unless it is used, never later than its absolute expiry
--   {u}:t:h  string  'at\n' .. how the session h ended; forgotten by itself
-- All times are Unix milliseconds of Redis' own clock. The first arguments are the same for all: everyone's generation, how the sessions of
-- earlier ones ended, and how long endings are remembered in ms.
local m, s, x = KEYS[1], KEYS[2], KEYS[3]
local everyone, everyoneEnding, remember = tonumber(ARGV[1]), ARGV[2], ARGV[3]

local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local function int(n) return string.format('%.0f', n) end

local function parse(record)
  local gen, expires, signedIn, idle, claims, all = string.match(record, '^(%d+) (%d+) (%d+) (%d+) (%d+) (%d+)\n')
  return tonumber(gen), tonumber(expires), tonumber(signedIn), tonumber(idle), tonumber(claims), tonumber(all)
end

local function line(...)
  local numbers = { ... }
  for i, n in ipairs(numbers) do numbers[i] = int(n) end
  return table.concat(numbers, ' ') .. '\n'
end

-- Whoever watches over open pages looks again at this account's sessions.
local function tell() redis.call('PUBLISH', 'sw:ended', string.match(s, '{(.-)}')) end

-- Keys live as long as what they hold could if it were always used, so that no use has to extend them, and some time more; a session
-- that ended as idle can be told from an unknown one until then, or until someone comes upon it, which leaves {u}:t:h.
local function keep(key, untilMs, idle)
  local ttl = untilMs - now + math.min(idle, 3600000)
  if redis.call('PTTL', key) < ttl then redis.call('PEXPIRE', key, int(ttl)) end
end

local function finish(h, ending)
  redis.call('SET', string.sub(s, 1, -2) .. 't:' .. h, int(now) .. '\n' .. ending, 'PX', remember)
  redis.call('HDEL', s, h)
  redis.call('ZREM', x, h)
end

-- Whoever ends a session goes on to tell the nodes. If he dies in between, the next who ends all of the account's does so in his place.
local function noteUntold(h) redis.call('HSET', m, 'untold:' .. string.sub(h, 1, 12), '') end

-- Ends what has expired, and returns it.
local function sweep()
  local expired = redis.call('ZRANGEBYSCORE', x, '-inf', int(now))
  for _, h in ipairs(expired) do
    local record = redis.call('HGET', s, h)
    local _, expires = parse(record or '0 0 0 0 0 0\n')
    finish(h, expires <= now and '{"reason":"expired"}' or '{"reason":"idle"}')
  end
  return expired
end

-- What everyone's generation ended is ended here and now, the first time that somebody looks.
if everyone > 0 and tonumber(redis.call('HGET', m, 'all') or 0) < everyone and redis.call('EXISTS', m) == 1 then
  for _, h in ipairs(redis.call('HKEYS', s)) do
    local _, _, _, _, _, all = parse(redis.call('HGET', s, h))
    if all < everyone then finish(h, everyoneEnding) end
  end
  redis.call('HSET', m, 'all', int(everyone))
end

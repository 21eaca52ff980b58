-- Shared by the scripts that work on sessions. An account has one key, u being its tag:
--   sw:u    hash:
--           m       '1 gen claims epoch due': the account's generation, claims version and epoch, each only ever
--                   raised, and a time before which none of its sessions expires (0 = unknown)
--           handle  '1 gen signedIn lifetime idle claims epoch ends rest\n' .. payload, one per session. ends is when
--                   the session expires unless it is used, and lifetime when it expires at the latest, both in ms
--                   since signedIn. rest is what follows the handle in the SHA-256 of the session's secret. The
--                   payload is opaque here. After a renewal of the session's id, 'former until' follows rest: the rest
--                   of the former id, and until when it is accepted. While the new id is unused, 'former +grace'
--                   follows instead: how many ms the former id is accepted after the first use of the new one.
--   sw:u:h  string: 'at\n' .. how the session with the handle h ended. It expires by itself.
-- Later versions may append fields. The first arguments of these scripts are the same: the epoch, how sessions of lower
-- epochs ended, and how many ms ends are kept.
local epoch, epochEnding, remember = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local account, gen, claims, accountEpoch, due

local function parse(record)
  local g, signedIn, lifetime, idle, c, e, ends, rest, further, at =
    string.match(record, '^1 (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%S+)([^\n]*)\n()')
  if not g then return nil end
  local since = tonumber(signedIn)
  local former, unused, formerEnds = string.match(further, '^ (%S+) (%+?)(%d+)')
  return {
    gen = tonumber(g), signedIn = since, expires = since + tonumber(lifetime), idle = tonumber(idle),
    claims = tonumber(c), epoch = tonumber(e), ends = since + tonumber(ends), rest = rest, former = former,
    isUnused = unused == '+',
    formerEnds = tonumber(formerEnds), payload = string.sub(record, at),
  }
end

local function put(handle, s)
  local fields = {
    '1', int(s.gen), int(s.signedIn), int(s.expires - s.signedIn), int(s.idle), int(s.claims), int(s.epoch),
    int(s.ends - s.signedIn), s.rest }
  if s.former and (s.isUnused or s.formerEnds > now) then
    fields[#fields + 1] = s.former
    fields[#fields + 1] = (s.isUnused and '+' or '') .. int(s.formerEnds)
  end
  redis.call('HSET', account, handle, table.concat(fields, ' ') .. '\n' .. s.payload)
end

-- Until when a live session is accepted under an id with this rest; nil if it is not accepted.
local function acceptedUntil(s, rest)
  if s.ends <= now or s.gen < gen then return nil end
  if s.rest == rest then return s.ends end
  if s.former ~= rest then return nil end
  local ends = s.isUnused and now + s.formerEnds or s.formerEnds
  if s.isUnused or ends > now then return math.min(s.ends, ends) end
end

local function putAccount()
  redis.call('HSET', account, 'm', table.concat({ '1', int(gen), int(claims), int(accountEpoch), int(due) }, ' '))
end

-- A key is kept as long as its sessions could be valid if they were always used, so that no use has to extend it.
local function retain(ms)
  if redis.call('PTTL', account) < ms then redis.call('PEXPIRE', account, int(ms)) end
end

-- Calls act with the handle and the record of each session. The record is nil if this version cannot read it.
local function each(act)
  local fields = redis.call('HGETALL', account)
  for i = 1, #fields, 2 do
    if fields[i] ~= 'm' then act(fields[i], parse(fields[i + 1])) end
  end
end

local function finish(handle, ending)
  redis.call('HDEL', account, handle)
  redis.call('SET', account .. ':' .. handle, int(now) .. '\n' .. ending, 'PX', remember)
end

local function expiry(s) return s.expires <= now and '{"reason":"expired"}' or '{"reason":"idle"}' end

-- Nodes check the event streams of this account.
local function publishEnded() redis.call('PUBLISH', 'sw:ended', string.sub(account, 4)) end

-- Opens an account. Its sessions of lower epochs are deleted by the first script that opens it.
local function open(key)
  account = key
  local numbers = redis.call('HGET', account, 'm')
  local g, c, e, d = string.match(numbers or '1 0 0 0 0', '^1 (%d+) (%d+) (%d+) (%d+)')
  if not g then error('the account ' .. key .. ' has an unknown format') end
  gen, claims, accountEpoch, due = tonumber(g), tonumber(c), tonumber(e), tonumber(d)
  if numbers and accountEpoch < epoch then
    each(function(handle, s) if s and s.epoch < epoch then finish(handle, epochEnding) end end)
    accountEpoch = epoch
    putAccount()
  end
end

-- Ends expired sessions, and returns their handles.
local function sweep()
  local expired = {}
  if now < due or redis.call('HLEN', account) < 2 then return expired end
  local nextDue, count, before = math.huge, 0, due
  each(function(handle, s)
    if s and s.ends <= now then
      finish(handle, expiry(s))
      expired[#expired + 1] = handle
    elseif s then
      nextDue, count = math.min(nextDue, s.ends), count + 1
    end
  end)
  -- With one session, which is the usual case, its record has the time already.
  due = count > 1 and nextDue or 0
  if due ~= before then putAccount() end
  return expired
end

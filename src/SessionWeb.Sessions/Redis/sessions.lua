-- Shared by the scripts that work on sessions. An account has one key, u being its tag:
--   sw:u     hash    m -> '1 gen claims epoch due': the account's generation, claims version and epoch, each only ever raised, and a
--                    time before which none of its sessions expires (0 = unknown)
--                    handle -> '1 gen signedIn lifetime idle claims epoch ends rest\n' .. payload, one per session: rest is what
--                    follows the handle in the SHA-256 of the session's secret, ends is when it expires unless it is used, in ms since
--                    it was signed in, as is its lifetime; the payload is the nodes' own. After a renewal of the session's id, 'former
--                    until' follows rest: the rest of the former id, and until when it is accepted; or 'former +grace', as long as
--                    the new id was not used: for how many ms it is accepted after that
--   sw:u:h   string  'at\n' .. how the session with the handle h ended; it expires by itself
-- Numbers may be followed by further ones, which later versions may write. The first arguments are the same for all: the epoch, how the
-- sessions of earlier epochs ended, and for how many ms endings are kept.
local epoch, epochEnding, remember = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local account, gen, claims, accountEpoch, due

local function parse(record)
  local g, signedIn, lifetime, idle, c, e, ends, rest, further, at =
    string.match(record, '^1 (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%d+) (%S+)([^\n]*)\n()')
  if not g then return nil end
  local since = tonumber(signedIn)
  local former, unused, formerEnds = string.match(further, '^ (%S+) (%+?)(%d+)')
  return {
    gen = tonumber(g), signedIn = since, expires = since + tonumber(lifetime), idle = tonumber(idle), claims = tonumber(c),
    epoch = tonumber(e), ends = since + tonumber(ends), rest = rest, former = former, isUnused = unused == '+',
    formerEnds = tonumber(formerEnds), payload = string.sub(record, at),
  }
end

local function put(handle, s)
  local fields = {
    '1', int(s.gen), int(s.signedIn), int(s.expires - s.signedIn), int(s.idle), int(s.claims), int(s.epoch), int(s.ends - s.signedIn), s.rest }
  if s.former and (s.isUnused or s.formerEnds > now) then
    fields[#fields + 1] = s.former
    fields[#fields + 1] = (s.isUnused and '+' or '') .. int(s.formerEnds)
  end
  redis.call('HSET', account, handle, table.concat(fields, ' ') .. '\n' .. s.payload)
end

-- Until when a live session is accepted under an id with this rest, as far as is known now; nil if it is not accepted.
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

-- Keys live as long as what they hold could if it were always used, so that no use has to extend them.
local function keep(ms)
  if redis.call('PTTL', account) < ms then redis.call('PEXPIRE', account, int(ms)) end
end

-- Calls act with the handle and the record of each session; the record is nil if this version cannot read it.
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

-- Nodes look again at the open pages of this account.
local function publishEnded() redis.call('PUBLISH', 'sw:ended', string.sub(account, 4)) end

-- Opens an account: its sessions of earlier epochs end the first time that one of these scripts meets them.
local function open(key)
  account = key
  local numbers = redis.call('HGET', account, 'm')
  local g, c, e, d = string.match(numbers or '1 0 0 0 0', '^1 (%d+) (%d+) (%d+) (%d+)')
  if not g then error('the account ' .. key .. ' has a format of a later version') end
  gen, claims, accountEpoch, due = tonumber(g), tonumber(c), tonumber(e), tonumber(d)
  if numbers and accountEpoch < epoch then
    each(function(handle, s) if s and s.epoch < epoch then finish(handle, epochEnding) end end)
    accountEpoch = epoch
    putAccount()
  end
end

-- Ends what has expired, and returns the handles.
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
  -- Of one session the record itself says it, and most accounts have one: a number less.
  due = count > 1 and nextDue or 0
  if due ~= before then putAccount() end
  return expired
end

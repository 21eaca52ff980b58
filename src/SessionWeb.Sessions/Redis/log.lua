-- Shared by the scripts that use the revocation log. KEYS[1] to KEYS[4]:
--   sw:log          zset    '1 id at account generation handles claims number' by number; kept for 20 minutes, the newest entry for good
--   sw:log:state    hash    id -> the log's identity, made with it; seq -> the newest entry's number; lease -> the longest lease of any node
--                           in ms; epoch, ending, by -> the epoch, only ever raised, how sessions of earlier ones ended, and by which
--                           revocation; recovered -> the incarnation in which the journal was replayed; recovering -> 'node until'
--   sw:log:nodes    hash    node -> '1 acknowledged renewals at lease': up to where it has applied the log, how often and when it renewed,
--                           and how long its leases are
--   sw:log:figures  hash    node -> what it counts, for administrators
-- None of them expires; they stay small. Entries and nodes may have further fields, which later versions write.
local log, state, nodes, figures = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

-- The log that is here: this process with this replication history, and the log's own identity. A log whose state was lost is another
-- one, and nodes that were in its register have to join again.
local current, replicas
local function openLog(candidate)
  local id = redis.call('HGET', state, 'id')
  if not id then
    id = candidate
    redis.call('DEL', log, nodes, figures)
    redis.call('HSET', state, 'id', id)
  end
  local replication = redis.call('INFO', 'replication')
  current = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') .. string.match(replication, 'master_replid:(%w+)') .. id
  replicas = tonumber(string.match(replication, 'connected_slaves:(%d+)'))
end

local function number(field) return tonumber(redis.call('HGET', state, field) or 0) end

local keepMs = 1200000
local function isOld(entry) return tonumber(string.match(entry, '^%d+ %S+ (%d+) ') or 0) <= now - keepMs end

-- Appends entries, each given as id and text, and returns the number of the last one. The number in an entry distinguishes it from one of
-- the same revocation and time. What is published is the entry itself if it is one, else an empty message: nodes read the log then.
local function appendAll(entries)
  local n, scored = number('seq'), {}
  for _, entry in ipairs(entries) do
    n = n + 1
    scored[#scored + 1] = int(n)
    scored[#scored + 1] = '1 ' .. entry[1] .. ' ' .. int(now) .. ' ' .. entry[2] .. ' ' .. int(n)
  end
  redis.call('HSET', state, 'seq', int(n))
  redis.call('ZADD', log, unpack(scored))
  if isOld(redis.call('ZRANGE', log, 0, 0)[1]) then
    for _, oldest in ipairs(redis.call('ZRANGEBYSCORE', log, '-inf', '(' .. int(n), 'LIMIT', 0, 20)) do
      if not isOld(oldest) then break end
      redis.call('ZREM', log, oldest)
    end
  end
  redis.call('PUBLISH', 'sw:log', #entries == 1 and current .. ' ' .. int(n) .. ' ' .. scored[2] or '')
  return n
end

local function append(id, text) return appendAll({ { id, text } }) end

local function appended(n)
  return { n, current, replicas, redis.call('HGETALL', nodes), number('lease') }
end

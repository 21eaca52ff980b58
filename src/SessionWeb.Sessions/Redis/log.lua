-- Shared by the scripts that use the revocation log. KEYS[1] to KEYS[4]:
--   sw:log          zset: '1 id at account generation handles claims number', scored by number. Entries are kept for 20
--                   minutes, the newest one forever.
--   sw:log:state    hash:
--                   id          the log's identity, created with it
--                   seq         the number of the newest entry
--                   lease       the longest lease of any node in ms
--                   epoch       the epoch, only ever raised
--                   ending      how sessions of lower epochs ended
--                   by          the revocation that raised the epoch
--                   recovered   the incarnation in which recovery is complete
--                   recovering  'node until': the node that has the turn to recover, and its end
--   sw:log:nodes    hash: node -> '1 acknowledged renewals at lease': the number of the last entry that it applied, the
--                   number of its renewals, the time of the last one, and the length of its leases
--   sw:log:figures  hash: node -> its statistics, for administrators
-- None of these keys expires; they stay small. Later versions may append fields to entries and nodes.
local log, state, nodes, figures = KEYS[1], KEYS[2], KEYS[3], KEYS[4]

-- The incarnation: this process, its replication history, and the log's identity. A log that lost its state is another
-- one, whose register the nodes must join again.
local current, replicas
local function openLog(candidate)
  local id = redis.call('HGET', state, 'id')
  if not id then
    id = candidate
    redis.call('DEL', log, nodes, figures)
    redis.call('HSET', state, 'id', id)
  end
  local replication = redis.call('INFO', 'replication')
  current = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')
    .. string.match(replication, 'master_replid:(%w+)') .. id
  replicas = tonumber(string.match(replication, 'connected_slaves:(%d+)'))
end

local function number(field) return tonumber(redis.call('HGET', state, field) or 0) end

local retentionMs = 1200000
local function isOld(entry) return tonumber(string.match(entry, '^%d+ %S+ (%d+) ') or 0) <= now - retentionMs end

-- Appends entries, each given as id and text, and returns the number of the last one. An entry contains its number,
-- because the same revocation may be appended twice at the same time. A single entry is published; for several, the
-- message is empty, and nodes read the log.
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

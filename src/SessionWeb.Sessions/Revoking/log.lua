-- Shared by the scripts of this folder. The revocation log has one hash slot of its own:
--   {swrev}:seq    string  the number of the latest entry
--   {swrev}:log    zset    'id at account generation handles claims' by number; kept for 20 minutes, the latest for good
--   {swrev}:nodes  hash    node -> 'acknowledged:renewals:at:lease': up to where it has applied the log, how often and when it said something,
--                          and how long its lease is
--   {swrev}:fig    hash    node -> what it counts, for people to see
--   {swrev}:all    hash    gen, ending, id -> everyone's generation, only ever raised, how the sessions of earlier ones ended, and by which intent
-- None of them has a lifetime; they stay small.
local seq, log, nodes, everyone, figures = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local function int(n) return string.format('%.0f', n) end

-- This process with this history: after a restart or a failover it is another one.
local replication = redis.call('INFO', 'replication')
local current = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') .. string.match(replication, 'master_replid:(%w+)')
local replicas = tonumber(string.match(replication, 'connected_slaves:(%d+)'))

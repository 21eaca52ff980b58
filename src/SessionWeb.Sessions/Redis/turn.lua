-- Takes the turn to replay the journal, which one node does for all. ARGV: a new log's identity, the incarnation, the node, for how long
-- the turn is its own in ms, 1 if it has finished
-- Returns 'done', 'mine', 'other' or 'changed', and 1 if this Redis is known to hold no account.
openLog(ARGV[1])
if ARGV[2] ~= current then return { 'changed', 0 } end
if ARGV[5] == '1' then redis.call('HSET', state, 'recovered', current) end
if redis.call('HGET', state, 'recovered') == current then return { 'done', 0 } end
local holder, untilMs = string.match(redis.call('HGET', state, 'recovering') or '', '^(%S+) (%d+)')
if holder and holder ~= ARGV[3] and tonumber(untilMs) > now then return { 'other', 0 } end
redis.call('HSET', state, 'recovering', ARGV[3] .. ' ' .. int(now + tonumber(ARGV[4])))
if number('seq') > 0 or redis.call('DBSIZE') > 200 then return { 'mine', 0 } end
for _, key in ipairs(redis.call('KEYS', 'sw:*')) do
  if #key == 25 then return { 'mine', 0 } end
end
return { 'mine', 1 }

-- Takes or extends the turn to recover, which one node does for all.
-- ARGV: a new log's identity, the incarnation, the node, the turn's length in ms, 1 if recovery is complete
-- Returns 0 = complete, 1 = own turn, 2 = another node's turn or 3 = another incarnation, and 1 if this Redis has no
-- account.
openLog(ARGV[1])
if ARGV[2] ~= current then return { 3, 0 } end
if ARGV[5] == '1' then redis.call('HSET', state, 'recovered', current) end
if redis.call('HGET', state, 'recovered') == current then return { 0, 0 } end
local holder, untilMs = string.match(redis.call('HGET', state, 'recovering') or '', '^(%S+) (%d+)')
if holder and holder ~= ARGV[3] and tonumber(untilMs) > now then return { 2, 0 } end
redis.call('HSET', state, 'recovering', ARGV[3] .. ' ' .. int(now + tonumber(ARGV[4])))
if number('seq') > 0 or redis.call('DBSIZE') > 200 then return { 1, 0 } end
for _, key in ipairs(redis.call('KEYS', 'sw:*')) do
  -- 'sw:' and the 22 characters of an account tag
  if #key == 25 then return { 1, 0 } end
end
return { 1, 1 }

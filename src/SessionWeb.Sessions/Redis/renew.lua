-- A node says up to where it has applied the log, and gets what came after that.
-- ARGV: a new log's identity, node ('' = it only looks), 1 to join the register, its lease in ms, the last entry that it applied, that
-- entry's id ('' = unknown), the incarnation that it knows, how many entries it takes, its figures ('' = not now)
openLog(ARGV[1])
local node, join, lease, last, id, most = ARGV[2], ARGV[3] == '1', tonumber(ARGV[4]), tonumber(ARGV[5]), ARGV[6], ARGV[8]
local head = number('seq')
-- From a log with a gap nothing is read: what it lacks is in the journal.
local first = tonumber(redis.call('ZRANGE', log, 0, 0, 'WITHSCORES')[2] or head + 1)
if redis.call('ZCARD', log) ~= head + 1 - first then first = head + 1 end
local same = ARGV[7] == current and last <= head
if same and id ~= '' then
  local entry = redis.call('ZRANGEBYSCORE', log, int(last), int(last))[1]
  same = entry and string.sub(entry, 1, #id + 3) == '1 ' .. id .. ' '
end
-- A gap is a log that lost entries: another one.
if same then same = redis.call('ZCOUNT', log, '(' .. int(last), '+inf') == head - last end
local epoch, ending = redis.call('HGET', state, 'epoch'), redis.call('HGET', state, 'ending')
local known = node ~= '' and redis.call('HEXISTS', nodes, node) == 1
local reply = {
  current, same and 1 or 0, (known or join) and 1 or 0, tonumber(epoch or 0), ending or '', head, first }
if not same then return reply end

-- A register that was lost does not know who holds a lease: a node that is missing in it has to join, without one.
if node ~= '' and (known or join) then
  local acked, count = string.match(redis.call('HGET', nodes, node) or '1 0 0 ', '^1 (%d+) (%d+) ')
  redis.call('HSET', nodes, node, table.concat({ '1', int(last), int((count or 0) + 1), int(now), int(lease) }, ' '))
  if lease > number('lease') then redis.call('HSET', state, 'lease', int(lease)) end
  if ARGV[9] ~= '' then redis.call('HSET', figures, node, ARGV[9]) end
  if last > tonumber(acked or 0) then redis.call('PUBLISH', 'sw:acked', current .. ' ' .. int(last) .. ' ' .. node) end
end
for _, part in ipairs(redis.call('ZRANGEBYSCORE', log, '(' .. int(last), '+inf', 'WITHSCORES', 'LIMIT', 0, most)) do
  reply[#reply + 1] = part
end
return reply

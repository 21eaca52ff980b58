-- Acknowledges what a node applied, and returns the entries that follow.
-- ARGV: the locals below in their order
-- Returns the incarnation, 1 if it is the same, 1 if the node is a member, the epoch, its end, the numbers of the
-- newest and the oldest entry; then entry and number of each entry.
local
  newIdentity, -- of the log, if it has none
  node, -- '' = read only
  join, -- '1' = join the register
  lease, -- in ms
  last, id, -- number and id ('' = unknown) of the last entry that the node applied
  followed, -- the incarnation that it followed
  most, -- how many entries to return at most
  statistics = unpack(ARGV) -- '' = none now
join, lease, last = join == '1', tonumber(lease), tonumber(last)
openLog(newIdentity)
local head = number('seq')
-- A log with a gap is not read: the journal has what it lacks.
local first = tonumber(redis.call('ZRANGE', log, 0, 0, 'WITHSCORES')[2] or head + 1)
if redis.call('ZCARD', log) ~= head + 1 - first then first = head + 1 end
local same = followed == current and last <= head
if same and id ~= '' then
  local entry = redis.call('ZRANGEBYSCORE', log, int(last), int(last))[1]
  same = entry and string.sub(entry, 1, #id + 3) == '1 ' .. id .. ' '
end
-- A gap means that the log lost entries. The node clears its cache and continues at first.
if same then same = redis.call('ZCOUNT', log, '(' .. int(last), '+inf') == head - last end
local epoch, ending = redis.call('HGET', state, 'epoch'), redis.call('HGET', state, 'ending')
local known = node ~= '' and redis.call('HEXISTS', nodes, node) == 1
local reply = {
  current, same and 1 or 0, (known or join) and 1 or 0, tonumber(epoch or 0), ending or '', head, first }
if not same then return reply end

-- A register that was lost does not name the lease holders: a node that it lacks must join without a lease.
if node ~= '' and (known or join) then
  local acked, count = string.match(redis.call('HGET', nodes, node) or '1 0 0 ', '^1 (%d+) (%d+) ')
  redis.call('HSET', nodes, node, table.concat({ '1', int(last), int((count or 0) + 1), int(now), int(lease) }, ' '))
  if lease > number('lease') then redis.call('HSET', state, 'lease', int(lease)) end
  if statistics ~= '' then redis.call('HSET', figures, node, statistics) end
  if last > tonumber(acked or 0) then redis.call('PUBLISH', 'sw:acked', current .. ' ' .. int(last) .. ' ' .. node) end
end
for _, part in ipairs(redis.call('ZRANGEBYSCORE', log, '(' .. int(last), '+inf', 'WITHSCORES', 'LIMIT', 0, most)) do
  reply[#reply + 1] = part
end
return reply

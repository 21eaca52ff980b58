-- A node says up to where it has applied the log, and hears what came after that.
-- ARGV: node ('' = it only looks), its lease in ms, the last entry that it applied, that entry's id, the incarnation that it knows, how many
-- entries it takes, its figures ('' = not now)
local node, lease, last, id, incarnation, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5], ARGV[6]
local head = tonumber(redis.call('GET', seq) or 0)
local same = incarnation == current and last <= head
if same and last > 0 then
  local entry = redis.call('ZRANGEBYSCORE', log, int(last), int(last))[1]
  same = entry and string.sub(entry, 1, #id + 1) == id .. ' '
end
local gen, ending = unpack(redis.call('HMGET', everyone, 'gen', 'ending'))
local reply = { current, same and 1 or 0, tonumber(gen or 0), ending or '', head }
if not same then return reply end

if node ~= '' then
  local acked, count = string.match(redis.call('HGET', nodes, node) or '0:0:', '^(%d+):(%d+)')
  redis.call('HSET', nodes, node, int(last) .. ':' .. int(count + 1) .. ':' .. int(now) .. ':' .. lease)
  if ARGV[7] ~= '' then redis.call('HSET', figures, node, ARGV[7]) end
  if last > tonumber(acked) then redis.call('PUBLISH', '{swrev}:acked', int(last)) end
end
for _, part in ipairs(redis.call('ZRANGEBYSCORE', log, '(' .. int(last), '+inf', 'WITHSCORES', 'LIMIT', 0, most)) do
  reply[#reply + 1] = part
end
return reply

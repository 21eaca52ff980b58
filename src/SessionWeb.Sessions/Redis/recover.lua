-- Replays revocations of the journal, many in one step. KEYS[5] and so on: an account for each. ARGV: …, a new log's identity, for how
-- long a generation is kept in ms, the incarnation, the node that recovers, for how long that is its turn in ms, then id, tag, handle,
-- kept handle, generation, claims version and ending for each.
-- Returns 0 if the log is another one or it is another node's turn; else 1, and the numbers of those that failed, from 0.
openLog(ARGV[4])
local holder = string.match(redis.call('HGET', state, 'recovering') or '', '^(%S+) ')
if ARGV[6] ~= current or holder ~= ARGV[7] then return { 0 } end
redis.call('HSET', state, 'recovering', ARGV[7] .. ' ' .. int(now + tonumber(ARGV[8])))
local entries, failed = {}, {}
for i = 5, #KEYS do
  local at = 9 + (i - 5) * 7
  -- What is wrong with one account, such as a key of another type, concerns that account alone.
  local done = pcall(function()
    open(KEYS[i])
    local text = revoke({
      id = ARGV[at], tag = ARGV[at + 1], handle = ARGV[at + 2], kept = ARGV[at + 3], generation = ARGV[at + 4],
      claims = ARGV[at + 5], ending = ARGV[at + 6] }, tonumber(ARGV[5]))
    entries[#entries + 1] = { ARGV[at], text }
  end)
  if not done then failed[#failed + 1] = i - 5 end
end
if #entries > 0 then appendAll(entries) end
return { 1, failed }

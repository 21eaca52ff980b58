-- Applies revocations of the journal again. KEYS[5] and up: the account of each. ARGV: the common ones, a new log's
-- identity, how many ms a generation is kept, the incarnation, the node, the turn's length in ms; then for each: id,
-- tag, handle, kept handle, generation, claims version, end
-- Returns 0 if the node lost its turn; else 1 and the zero-based indexes of the revocations that failed.
openLog(ARGV[4])
local holder = string.match(redis.call('HGET', state, 'recovering') or '', '^(%S+) ')
if ARGV[6] ~= current or holder ~= ARGV[7] then return { 0 } end
redis.call('HSET', state, 'recovering', ARGV[7] .. ' ' .. int(now + tonumber(ARGV[8])))
local entries, failed = {}, {}
for i = 5, #KEYS do
  local at = 9 + (i - 5) * 7
  -- An error of one account, such as a key of another type, must not affect the others.
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

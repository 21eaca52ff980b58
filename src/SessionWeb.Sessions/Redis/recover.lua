-- Applies revocations of the journal again. KEYS[5] and up: the account of each. ARGV: the common ones, and the locals
-- below in their order; then for each revocation: id, tag, handle, kept handle, generation, claims version, end
-- Returns 0 if the node lost its turn; else 1 and the zero-based indexes of the revocations that failed.
local
  newIdentity, -- of the log, if it has none
  generationMs, -- how long a generation is kept
  incarnation, node, turnMs = unpack(ARGV, 4, 8)
openLog(newIdentity)
local holder = string.match(redis.call('HGET', state, 'recovering') or '', '^(%S+) ')
if incarnation ~= current or holder ~= node then return { 0 } end
redis.call('HSET', state, 'recovering', node .. ' ' .. int(now + tonumber(turnMs)))
local entries, failed = {}, {}
for i = 5, #KEYS do
  local at = 9 + (i - 5) * 7
  -- An error of one account, such as a key of another type, must not affect the others.
  local done = pcall(function()
    open(KEYS[i])
    local text = revoke({
      id = ARGV[at], tag = ARGV[at + 1], handle = ARGV[at + 2], kept = ARGV[at + 3], generation = ARGV[at + 4],
      claims = ARGV[at + 5], ending = ARGV[at + 6] }, tonumber(generationMs))
    entries[#entries + 1] = { ARGV[at], text }
  end)
  if not done then failed[#failed + 1] = i - 5 end
end
if #entries > 0 then appendAll(entries) end
return { 1, failed }

-- KEYS[5]: the account. ARGV: the common ones, a new log's identity, tag, handle, rest of the hash, generation ('' =
-- any), idle ms, lifetime ms, session limit, 1 to refuse at the limit, end of replaced sessions, claims version, log
-- entry id, payload, the generation that the node knows, the latest recorded epoch
-- Returns 0 = created, 1 = stale generation or 2 = full, and the generation; if created also the handles of expired and
-- of replaced sessions, and the appended entry if sessions were replaced.
local tag, handle, wanted, idle, lifetime = ARGV[5], ARGV[6], ARGV[8], tonumber(ARGV[9]), tonumber(ARGV[10])
local most, refuse, replaced = tonumber(ARGV[11]), ARGV[12] == '1', ARGV[13]

open(KEYS[5])
-- Nodes refuse sessions of a generation that they know to be revoked, even if this Redis lost the account.
if wanted == '' then gen = math.max(gen, tonumber(ARGV[17])) end
if wanted ~= '' and tonumber(wanted) < gen then return { 1, int(gen) } end
-- The node has not applied the newest epoch yet.
if epoch < accountEpoch then return { 1, int(gen) } end
local expired = sweep()

local ended = {}
local over = math.max(0, redis.call('HLEN', account) - redis.call('HEXISTS', account, 'm')) + 1 - most
if over > 0 then
  if refuse then return { 2, int(gen) } end
  local oldest = {}
  each(function(name, s) oldest[#oldest + 1] = { handle = name, at = s and s.signedIn or 0 } end)
  table.sort(oldest, function(a, b) return a.at < b.at end)
  for i = 1, over do
    finish(oldest[i].handle, replaced)
    ended[i] = oldest[i].handle
  end
  publishEnded()
end

local expires = now + lifetime
-- A revocation of all sessions that is recorded but not applied yet must not end this session. The account keeps the
-- current epoch.
local s = {
  gen = wanted == '' and gen or tonumber(wanted), expires = expires, signedIn = now, idle = idle,
  claims = tonumber(ARGV[14]), epoch = math.max(epoch, tonumber(ARGV[18])), ends = math.min(now + idle, expires),
  rest = ARGV[7], payload = ARGV[16] }
put(handle, s)
gen = math.max(gen, s.gen)
accountEpoch = math.max(accountEpoch, epoch)
if due > 0 then due = math.min(due, s.ends) end
putAccount()
-- The generation is kept longer than any sign-in that began before it.
keep(lifetime + math.min(idle, 3600000))
local reply = { 0, int(s.gen), expired, ended }
if #ended > 0 then
  openLog(ARGV[4])
  for _, part in ipairs(appended(append(ARGV[15], table.concat({ tag, '-', table.concat(ended, ','), '-' }, ' ')))) do
    reply[#reply + 1] = part
  end
end
return reply

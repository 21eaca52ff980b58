-- KEYS[5]: the account. ARGV: the common ones, and the locals below in their order
-- Returns 0 = created, 1 = stale generation or 2 = full, and the generation; if created also the handles of expired and
-- of replaced sessions, and the appended entry if sessions were replaced.
local
  newIdentity, -- of the log, if it has none
  tag, handle, rest, -- rest of the hash
  wanted, -- the generation of the sign-in; '' = any
  idle, lifetime, -- in ms
  most, refuse, -- the session limit; '1' = refuse at the limit
  replaced, -- how replaced sessions ended
  claimsVersion, entryId, payload, -- entryId of the log entry, if sessions are replaced
  knownGeneration, -- that the node knows
  recordedEpoch = unpack(ARGV, 4) -- the latest one in the journal
idle, lifetime, most = tonumber(idle), tonumber(lifetime), tonumber(most)

open(KEYS[5])
-- Nodes refuse sessions of a generation that they know to be revoked, even if this Redis lost the account.
if wanted == '' then gen = math.max(gen, tonumber(knownGeneration)) end
if wanted ~= '' and tonumber(wanted) < gen then return { 1, int(gen) } end
-- The node has not applied the newest epoch yet. A new sign-in succeeds once it has.
if epoch < accountEpoch then return { 1, int(gen) } end
local expired = sweep()

local ended = {}
local over = math.max(0, redis.call('HLEN', account) - redis.call('HEXISTS', account, 'm')) + 1 - most
if over > 0 then
  if refuse == '1' then return { 2, int(gen) } end
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
  claims = tonumber(claimsVersion), epoch = math.max(epoch, tonumber(recordedEpoch)),
  ends = math.min(now + idle, expires), rest = rest, payload = payload }
put(handle, s)
gen = math.max(gen, s.gen)
accountEpoch = math.max(accountEpoch, epoch)
if due > 0 then due = math.min(due, s.ends) end
putAccount()
-- The generation is kept longer than any sign-in that began before it.
retain(lifetime + math.min(idle, 3600000))
local reply = { 0, int(s.gen), expired, ended }
if #ended > 0 then
  openLog(newIdentity)
  for _, part in ipairs(appended(append(entryId, table.concat({ tag, '-', table.concat(ended, ','), '-' }, ' ')))) do
    reply[#reply + 1] = part
  end
end
return reply

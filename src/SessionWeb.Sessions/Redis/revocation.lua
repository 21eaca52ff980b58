-- Shared by revoke.lua and recover.lua, which append the entry in the same step. Ends sessions, or makes their claims
-- stale.
-- r: id, tag, handle ('' = all), kept handle ('' = none), generation ('' = the account's next one), claims version (''
-- = none), ending
-- Returns the text of the log entry and the handles of the sessions that ended.
local function revoke(r, generationMs)
  local ended = {}
  sweep()
  if r.claims ~= '' then
    if tonumber(r.claims) > claims then
      claims = tonumber(r.claims)
      putAccount()
      retain(generationMs)
    end
    return table.concat({ r.tag, '-', '-', r.claims }, ' '), ended
  end
  if r.handle ~= '' then
    if redis.call('HEXISTS', account, r.handle) == 1 then
      finish(r.handle, r.ending)
      ended[1] = r.handle
      publishEnded()
    end
    return table.concat({ r.tag, '-', r.handle, '-' }, ' '), ended
  end

  -- Only sessions of a lower generation end. Applied again, the revocation ends no newer session.
  local raised = tonumber(r.generation) or gen + 1
  if raised > gen then
    gen = raised
    putAccount()
    retain(generationMs)
  end
  each(function(handle, s)
    if s and s.gen >= raised then return end
    if s and handle == r.kept then
      s.gen = raised
      put(handle, s)
    else
      finish(handle, r.ending)
      ended[#ended + 1] = handle
    end
  end)
  if #ended > 0 then publishEnded() end
  return table.concat({ r.tag, int(raised), '-', '-' }, ' '), ended
end

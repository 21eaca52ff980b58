-- KEYS[1]: the account. ARGV: the common ones, the handles to return (none = all). Returns handle and record of each.
open(KEYS[1])
sweep()
local wanted = {}
for i = 4, #ARGV do wanted[ARGV[i]] = true end
local found = {}
each(function(handle, s)
  if s and s.gen >= gen and (#ARGV == 3 or wanted[handle]) then
    found[#found + 1] = handle
    found[#found + 1] = redis.call('HGET', account, handle)
  end
end)
return found

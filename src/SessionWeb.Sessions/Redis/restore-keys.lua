-- Reads the data-protection key ring, and restores the elements that Redis lost.
-- KEYS[1]: the list. ARGV: the elements that the node knows
local present, restored = {}, false
for _, element in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do present[element] = true end
for _, element in ipairs(ARGV) do
  if not present[element] then
    redis.call('RPUSH', KEYS[1], element)
    restored = true
  end
end
if restored then redis.call('PUBLISH', 'sw:keys', '') end
return redis.call('LRANGE', KEYS[1], 0, -1)

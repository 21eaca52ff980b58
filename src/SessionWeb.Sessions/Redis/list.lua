-- ARGV: …, the handles wanted (none = all). Returns h, record, end for each.
sweep()
local wanted = {}
for i = 4, #ARGV do wanted[ARGV[i]] = true end
local gen = tonumber(redis.call('HGET', m, 'gen') or 0)
local found = {}
for _, h in ipairs(redis.call('HKEYS', s)) do
  if #ARGV == 3 or wanted[string.sub(h, 1, 12)] then
    local record = redis.call('HGET', s, h)
    if parse(record) >= gen then
      found[#found + 1] = h
      found[#found + 1] = record
      found[#found + 1] = redis.call('ZSCORE', x, h)
    end
  end
end
return found

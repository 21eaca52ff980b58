-- ARGV: …, handle, everyone's next generation. The session stays when everyone else's end. Carried out late, it takes nothing back.
for _, h in ipairs(redis.call('HKEYS', s)) do
  if string.sub(h, 1, 12) == ARGV[4] then
    local record = redis.call('HGET', s, h)
    local gen, expires, signedIn, idle, claims, all = parse(record)
    local rest = string.sub(record, string.find(record, '\n', 1, true) + 1)
    redis.call('HSET', s, h, line(gen, expires, signedIn, idle, claims, math.max(all, tonumber(ARGV[5]))) .. rest)
  end
end

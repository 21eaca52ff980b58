-- ARGV: …, handle, everyone's next generation. The session stays when everyone else's end.
for _, h in ipairs(redis.call('HKEYS', s)) do
  if string.sub(h, 1, 12) == ARGV[4] then
    local record = redis.call('HGET', s, h)
    local gen, expires, signedIn, idle, claims = parse(record)
    local rest = string.sub(record, string.find(record, '\n', 1, true) + 1)
    redis.call('HSET', s, h, line(gen, expires, signedIn, idle, claims, tonumber(ARGV[5])) .. rest)
  end
end

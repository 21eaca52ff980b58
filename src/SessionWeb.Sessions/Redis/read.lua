-- ARGV: …, h
local h = ARGV[4]
local record = redis.call('HGET', s, h)
if record then
  local gen, expires, _, _, claims = parse(record)
  local ends = tonumber(redis.call('ZSCORE', x, h) or 0)
  if ends > now and gen >= tonumber(redis.call('HGET', m, 'gen') or 0) then
    local newest = tonumber(redis.call('HGET', m, 'claims') or 0)
    return { record, int(ends), newest > claims and int(newest), int(ends - now) }
  end
  finish(h, (expires <= now or ends > now) and '{"reason":"expired"}' or '{"reason":"idle"}')
end
return { false, redis.call('GET', string.sub(s, 1, -2) .. 't:' .. h) }

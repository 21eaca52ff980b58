-- Raises the epoch: the sessions of earlier ones end, each when it is met next. ARGV: a new log's identity, id, epoch, ending, 1 if a
-- higher epoch that there is includes this one, so that only an entry is appended.
-- Returns 0 and the epoch that there is, if another revocation has taken one that is as high.
openLog(ARGV[1])
local id, raised, ending = ARGV[2], tonumber(ARGV[3]), ARGV[4]
local taken = number('epoch')
if redis.call('HGET', state, 'by') ~= id and raised <= taken then
  -- Unless it is in the log already, where another one followed it: a higher epoch would end who signed in since.
  local entries = redis.call('ZRANGE', log, 0, -1, 'WITHSCORES')
  for i = 1, #entries, 2 do
    if string.sub(entries[i], 1, #id + 3) == '1 ' .. id .. ' ' then return appended(tonumber(entries[i + 1])) end
  end
  if ARGV[5] == '0' then return { 0, int(taken) } end
end
if raised > taken then redis.call('HSET', state, 'epoch', int(raised), 'ending', ending, 'by', id) end
return appended(append(id, '* ' .. ARGV[3] .. ' - -'))

-- Raises the epoch. Sessions of lower epochs have ended; each is deleted when a script reads its account.
-- ARGV: a new log's identity, id, epoch, end, 1 if a higher current epoch includes this one, so that only an entry is
-- appended
-- Returns the appended entry; or 0 and the current epoch if another revocation raised it as high.
openLog(ARGV[1])
local id, raised, ending = ARGV[2], tonumber(ARGV[3]), ARGV[4]
local taken = number('epoch')
if redis.call('HGET', state, 'by') ~= id and raised <= taken then
  -- If its entry is in the log, another revocation followed. A higher epoch would end newer sessions.
  local entries = redis.call('ZRANGE', log, 0, -1, 'WITHSCORES')
  for i = 1, #entries, 2 do
    if string.sub(entries[i], 1, #id + 3) == '1 ' .. id .. ' ' then return appended(tonumber(entries[i + 1])) end
  end
  if ARGV[5] == '0' then return { 0, int(taken) } end
end
if raised > taken then redis.call('HSET', state, 'epoch', int(raised), 'ending', ending, 'by', id) end
return appended(append(id, '* ' .. ARGV[3] .. ' - -'))

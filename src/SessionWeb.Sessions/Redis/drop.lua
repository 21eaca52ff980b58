-- ARGV: pairs of node and its stored text. A node that renewed since is not removed.
for i = 1, #ARGV, 2 do
  if redis.call('HGET', nodes, ARGV[i]) == ARGV[i + 1] then
    redis.call('HDEL', nodes, ARGV[i])
    redis.call('HDEL', figures, ARGV[i])
  end
end

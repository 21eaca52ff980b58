-- ARGV: node
redis.call('HDEL', nodes, ARGV[1])
redis.call('HDEL', figures, ARGV[1])

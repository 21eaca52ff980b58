return { redis.call('HGETALL', nodes), redis.call('HGETALL', figures), number('seq'), int(now) }

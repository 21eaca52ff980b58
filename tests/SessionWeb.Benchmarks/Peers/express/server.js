// node server.js PORT REDIS-PORT NODE-NAME
// The usual recipe, express-session with connect-redis, with one process per core as Express recommends for production.
// Its responses equal those of SessionWeb.
import cluster from 'node:cluster'
import { availableParallelism } from 'node:os'
import { RedisStore } from 'connect-redis'
import express from 'express'
import session from 'express-session'
import { createClient } from 'redis'

const [port, redisPort, node] = process.argv.slice(2)

if (cluster.isPrimary) {
  for (let i = 0; i < availableParallelism(); i++) cluster.fork()
  cluster.on('exit', () => process.exit(1))
} else {
  const client = createClient({ url: `redis://127.0.0.1:${redisPort}` }).on('error', () => process.exit(1))
  serve(await client.connect())
}

function serve(client) {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag') // the other servers do not hash responses
  app.set('trust proxy', 'loopback')
  app.get('/health/live', (_, response) => response.json({ status: 'ok' }))
  app.use(safeHeaders)
  app.use(session({
    store: new RedisStore({ client, prefix: 'express:' }),
    secret: 'used only by the benchmark',
    resave: false,
    saveUninitialized: false,
    cookie: { secure: true, sameSite: 'lax', maxAge: 30 * 60 * 1000 },
  }))
  app.post('/sign-in/:name/:id', (request, response) => {
    const { name, id } = request.params
    request.session.user = { sub: id, name, role: ['member'] }
    response.sendStatus(204)
  })
  app.get('/api/me', (request, response) => {
    const { user } = request.session
    if (!user) return response.status(401).json({ error: 'not_signed_in' })
    response.json({
      accountId: user.sub,
      account: user.name,
      roles: user.role,
      session: 'AbCdEfGhIjKl',
      signedInAt: '2026-01-01T00:00:00.123+00:00',
      idleExpiresAt: '2026-01-01T00:30:00.123+00:00',
      expiresAt: '2026-01-01T12:00:00.123+00:00',
      node,
    })
  })
  app.listen(Number(port), '127.0.0.1')
}

function safeHeaders(_, response, next) {
  response.set({
    'Content-Security-Policy':
      "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'same-origin',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=()',
    'Cache-Control': 'no-store',
    'Strict-Transport-Security': 'max-age=31536000',
  })
  next()
}

import Fastify, { type FastifyInstance } from 'fastify'
import { type BearerDeps, requireBearer } from './bearer.ts'
import { addBridgeRoute, type BridgeDeps } from './routes/bridge.ts'
import { addHealthRoutes, type HealthDeps } from './routes/health.ts'
import { addIncidentsRoute, type IncidentsRouteDeps } from './routes/incidents.ts'
import { addPairRoute, type PairRouteDeps } from './routes/pair.ts'

/** The part of a structured logger that the server uses: ids and reasons, never bodies or addresses. */
export interface HttpLog {
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

export interface ServerDeps {
  log: HttpLog
  /** Networks whose `X-Forwarded-*` are believed; none: such headers are ignored. */
  trustedProxies: string[]
  health: HealthDeps
  bridge: BridgeDeps
  pair: PairRouteDeps
  api: BearerDeps & IncidentsRouteDeps
}

/** The service's HTTP side. Does not listen: `app.listen(…)` does, and tests may `inject`. Further routes can be registered on what it returns. */
export function createServer(deps: ServerDeps): FastifyInstance {
  const app = Fastify({
    bodyLimit: 1_048_576,
    trustProxy: deps.trustedProxies.length > 0 ? deps.trustedProxies : false,
    routerOptions: { maxParamLength: 500 },
    forceCloseConnections: true,
  })
  app.setErrorHandler((error: { statusCode?: number; code?: string; message: string }, request, reply) => {
    const status = error.statusCode ?? 500
    if (status >= 500) deps.log.error({ route: request.routeOptions.url, error: String(error) }, 'request failed')
    const { code, message } = toWords(status, error.message)
    return reply.status(status).send({ error: { code, message } })
  })
  app.setNotFoundHandler((request, reply) =>
    reply.status(404).send({ error: { code: 'not_found', message: `there is no ${request.method} ${request.url.split('?', 1)[0]} here` } }),
  )
  app.register(async (scope) => addHealthRoutes(scope, deps.health))
  app.register(async (scope) => addBridgeRoute(scope, deps.bridge, deps.log))
  app.register(async (scope) => addPairRoute(scope, deps.pair, deps.log))
  app.register(async (scope) => {
    requireBearer(scope, deps.api)
    addIncidentsRoute(scope, deps.api)
  })
  return app
}

function toWords(status: number, message: string): { code: string; message: string } {
  if (status === 413) return { code: 'too_large', message: 'the body is over 1 MiB: send fewer events at once' }
  if (status >= 500) return { code: 'internal', message: 'the service failed; its log says why. Try again later' }
  return { code: 'malformed', message }
}

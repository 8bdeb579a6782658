import type { FastifyInstance } from 'fastify'

export interface HealthDeps {
  /** Throws while the database is down or its schema is not the one this version needs. */
  checkReady(): Promise<void>
}

/** `/healthz`: the process lives. `/readyz`: it can do its work. */
export function addHealthRoutes(app: FastifyInstance, { checkReady }: HealthDeps): void {
  app.get('/healthz', async () => ({ status: 'ok' }))
  app.get('/readyz', async (_, reply) => {
    try {
      await checkReady()
      return { status: 'ready' }
    } catch {
      // What exactly is wrong stands in the log; this page is open to everybody.
      return reply.status(503).header('retry-after', '10').send({ status: 'unavailable', reason: 'database' })
    }
  })
}

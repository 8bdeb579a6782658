import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { AddressRefusedError } from '../../bitrix/address-policy.ts'
import { toProblem } from '../../bitrix/protocol.ts'
import { TextId } from '../../bitrix/snapshot.ts'
import { type PairDeps, redeemPairingCode } from '../../sync/pair-shop.ts'
import type { HttpLog } from '../server.ts'

export interface PairRouteDeps extends PairDeps {
  /** Throws AddressRefusedError: an endpoint that would never be called. */
  requireEndpoint(endpoint: string): URL
}

const Introduction = z.object({
  code: z.string().min(1).max(100),
  endpoint: z.string().max(2000),
  installation: TextId,
  host: z.string().regex(/^[!-~]{1,255}$/, 'must be a host name'),
  profile: z.unknown(),
})

/** `POST /bridge/v1/pair`: the module spends the code that a person typed into its page. */
export function addPairRoute(app: FastifyInstance, deps: PairRouteDeps, log: HttpLog): void {
  app.post('/bridge/v1/pair', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    const refuse = (status: number, code: string, message: string) => reply.status(status).send({ error: { code, message } })
    const parsed = Introduction.safeParse(request.body)
    if (!parsed.success) return refuse(400, 'malformed', toProblem(parsed.error))
    const { code, ...shop } = parsed.data
    try {
      deps.requireEndpoint(shop.endpoint)
    } catch (error) {
      if (error instanceof AddressRefusedError) return refuse(400, 'endpoint', error.message)
      throw error
    }
    try {
      const paired = await redeemPairingCode(code, shop, request.ip, deps)
      if (paired !== undefined) return paired
    } catch (error) {
      log.error({ error: String(error) }, 'pairing failed: nothing was stored')
      reply.header('retry-after', '30')
      return refuse(503, 'unavailable', 'nothing was stored: try again later')
    }
    return refuse(403, 'code', 'the code is wrong, used, older than 15 minutes or ended by wrong tries: make a new one (amobridge pair)')
  })
}

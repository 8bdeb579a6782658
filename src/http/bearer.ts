import type { FastifyInstance } from 'fastify'

export interface BearerDeps {
  isToken(token: string): Promise<boolean>
}

const pattern = /^Bearer ([A-Za-z0-9_-]{20,200})$/

/** Lets in whoever shows a token of `amobridge token add`; everybody else hears 401, whatever he asked for. */
export function requireBearer(app: FastifyInstance, { isToken }: BearerDeps): void {
  app.addHook('onRequest', async (request, reply) => {
    const token = pattern.exec(request.headers.authorization ?? '')?.[1]
    if (token !== undefined && (await isToken(token))) return
    const message = 'send "Authorization: Bearer <token>" with a token of: amobridge token add <name>'
    return reply
      .status(401)
      .header('www-authenticate', 'Bearer')
      .send({ error: { code: 'unauthorised', message } })
  })
}

import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { renderIncident } from '../../core/messages/incidents.ts'
import type { Language } from '../../core/messages/language.ts'
import type { IncidentPage, IncidentQuery } from '../../ports/incidents.ts'

export interface IncidentsRouteDeps {
  /** undefined: there is no connection of that name. */
  findIncidents(query: IncidentQuery): Promise<IncidentPage | undefined>
}

const Query = z.strictObject({
  connection: z.string().max(100).optional(),
  /** Closed ones too. */
  all: z.enum(['true', 'false']).default('false'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  /** `next` of the page before. */
  after: z
    .string()
    .regex(/^[0-9A-Z]{26}$/)
    .optional(),
  lang: z.enum(['ru', 'en']).optional(),
})

/** `GET /api/v1/incidents`: what a person should know, newest first, a page at a time (docs/api.md). */
export function addIncidentsRoute(app: FastifyInstance, { findIncidents }: IncidentsRouteDeps): void {
  app.get('/api/v1/incidents', async (request, reply) => {
    const parsed = Query.safeParse(request.query)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      const message = `${issue?.path.join('.') || 'query'}: ${issue?.message ?? 'cannot be read'}`
      return reply.status(400).send({ error: { code: 'malformed', message } })
    }
    const { connection, all, limit, after, lang } = parsed.data
    const page = await findIncidents({
      limit,
      closedToo: all === 'true',
      ...(connection === undefined ? {} : { connection }),
      ...(after === undefined ? {} : { after }),
    })
    if (page === undefined)
      return reply.status(404).send({ error: { code: 'not_found', message: `there is no connection "${connection}"` } })
    const language = lang ?? spoken(request.headers['accept-language'])
    reply.header('cache-control', 'no-store')
    return {
      incidents: page.incidents.map(({ id, code, connectionName, entity, params, count, openedAt, lastAt, closedAt }) => {
        return {
          id,
          code,
          connection: connectionName,
          entity,
          ...renderIncident(code, params, language),
          count,
          openedAt,
          lastAt,
          closedAt,
        }
      }),
      next: page.next,
    }
  })
}

const spoken = (accepted: string | undefined): Language => (/^\s*ru\b/i.test(accepted ?? '') ? 'ru' : 'en')

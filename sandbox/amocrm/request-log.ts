export interface LoggedRequest {
  /** Arrival, ms since epoch by the emulator's clock. */
  at: number
  method: string
  /** With its query. */
  path: string
  /** Path with ids replaced by {id}: what the counters count. */
  route: string
  /** 0 until it is answered. */
  status: number | 'reset'
  /** Entities in the body. */
  items: number
  client: string
  accountId: number | undefined
  bodySummary: string
}

export interface RequestLog {
  readonly all: readonly LoggedRequest[]
  add(request: LoggedRequest): void
  clear(): void
  counters(): { total: number; byRoute: Record<string, number>; byAnswer: Record<string, number> }
  /** The busiest rolling second, by arrival. */
  maxInAnySecond(client?: string): number
}

export function createRequestLog(): RequestLog {
  let all: LoggedRequest[] = []
  return {
    get all() {
      return all
    },
    add: (request) => void all.push(request),
    clear: () => {
      all = []
    },
    counters: () => ({
      total: all.length,
      byRoute: count(all.map(({ method, route }) => `${method} ${route}`)),
      byAnswer: count(all.map(({ status }) => String(status))),
    }),
    maxInAnySecond(client) {
      const times = all.filter((request) => client === undefined || request.client === client).map(({ at }) => at)
      let start = 0
      let most = 0
      times.forEach((at, index) => {
        while ((times[start] ?? at) <= at - 1000) start += 1
        most = Math.max(most, index - start + 1)
      })
      return most
    },
  }
}

function count(keys: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const key of keys) counts[key] = (counts[key] ?? 0) + 1
  return counts
}

/** /api/v4/leads/4200001/notes?page=2 -> /api/v4/leads/{id}/notes */
export function routeOf(path: string): string {
  return path.replace(/\?.*$/, '').replace(/\/(?:\d+|[0-9a-z]{26,})(?=\/|$)/g, '/{id}')
}

import type { ApiRequest } from './api-request.ts'
import { type Reply, refuse } from './reply.ts'

type Handler = (request: ApiRequest) => Reply

export interface Route {
  method: string
  /** Below /api/v4, as `/leads/{id}/notes`; `{id}` takes digits, `{name}` any segment. */
  pattern: string
  handle: Handler
}

type Match = { kind: 'found'; handle: Handler; params: Record<string, string> } | { kind: 'none' } | { kind: 'wrong-method' }

export interface Router {
  match(method: string, path: string): Match
}

interface Compiled {
  parts: string[]
  handlers: Map<string, Handler>
}

/** A known path with another method is 405, an unknown path 404. */
export function createRouter(routes: readonly Route[]): Router {
  const byLength = new Map<number, Compiled[]>()
  const byPattern = new Map<string, Compiled>()
  for (const { method, pattern, handle } of routes) {
    const known = byPattern.get(pattern)
    if (known !== undefined) {
      known.handlers.set(method, handle)
      continue
    }
    const parts = pattern.split('/').slice(1)
    const compiled = { parts, handlers: new Map([[method, handle]]) }
    byPattern.set(pattern, compiled)
    byLength.set(parts.length, [...(byLength.get(parts.length) ?? []), compiled])
  }

  return {
    match(method, path) {
      const segments = path.split('/').slice(1)
      for (const { parts, handlers } of byLength.get(segments.length) ?? []) {
        const params = paramsOf(parts, segments)
        if (params === undefined) continue
        const handle = handlers.get(method)
        return handle === undefined ? { kind: 'wrong-method' } : { kind: 'found', handle, params }
      }
      return { kind: 'none' }
    },
  }
}

function paramsOf(parts: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {}
  for (const [index, part] of parts.entries()) {
    const segment = segments[index] ?? ''
    if (!part.startsWith('{')) {
      if (part !== segment) return undefined
      continue
    }
    const name = part.slice(1, -1)
    if (name === 'id' && !/^\d+$/.test(segment)) return undefined
    params[name] = segment
  }
  return params
}

export function dispatch(router: Router, method: string, path: string, toRequest: (params: Record<string, string>) => ApiRequest): Reply {
  const match = router.match(method, path)
  if (match.kind === 'none') refuse(404, 'Not found')
  if (match.kind === 'wrong-method') refuse(405, 'Method not allowed')
  return match.handle(toRequest(match.params))
}

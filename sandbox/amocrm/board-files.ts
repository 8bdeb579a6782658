import { readFile } from 'node:fs/promises'
import { extname, join, normalize } from 'node:path'
import type { Incoming, Outcome } from './service.ts'

const folder = join(import.meta.dirname, 'board')
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.json': 'application/json; charset=utf-8',
}

type Serve = (incoming: Incoming) => Promise<Outcome>

/** Board page at `/` and its files at `/board/`, as far as they exist; a lead's own address leads there. The rest is `otherwise`'s. */
export function createBoardFiles(otherwise: Serve): Serve {
  return async (incoming) => {
    const { pathname } = incoming.url
    const lead = /^\/leads\/detail\/(\d+)$/.exec(pathname)
    if (lead !== null) return { status: 302, headers: { location: `/#deal-${lead[1]}` }, body: '' }
    return (await findFile(pathname)) ?? otherwise(incoming)
  }
}

async function findFile(pathname: string): Promise<Outcome | undefined> {
  const name = pathname === '/' ? 'index.html' : pathname.startsWith('/board/') ? normalize(pathname.slice('/board/'.length)) : ''
  const type = types[extname(name)]
  if (type === undefined || name.startsWith('..')) return undefined
  try {
    return { status: 200, headers: { 'content-type': type, 'cache-control': 'no-cache' }, body: await readFile(join(folder, name), 'utf8') }
  } catch {
    return undefined
  }
}

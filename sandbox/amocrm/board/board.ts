import type { AccountWorld } from '../account-world.ts'
import type { EmulatorWorld } from '../emulator.ts'
import { gatewayPage, json } from '../reply.ts'
import type { Incoming, Outcome } from '../service.ts'
import { viewBoard } from './board-view.ts'
import { viewDeal } from './deal-view.ts'

/**
 * What the page reads: GET /_board/board and /_board/deal, both with `account`. It changes through /_control/, as a person.
 * The page itself stands in the files beside this one.
 */
export function createBoard(world: EmulatorWorld): (incoming: Incoming) => Promise<Outcome> {
  return async ({ method, url }) => {
    if (method !== 'GET' || !url.pathname.startsWith('/_board/')) return gatewayPage(404)
    const asked = Number(url.searchParams.get('account') ?? Number.NaN)
    const account = world.all().find((each) => each.account.id === asked) ?? world
    return answer(world.all(), account, url)
  }
}

function answer(worlds: readonly AccountWorld[], world: AccountWorld, { pathname, searchParams }: URL): Outcome {
  const { version } = world.account
  const number = (name: string) => Number(searchParams.get(name) ?? Number.NaN)
  if (pathname === '/_board/board') {
    if (number('since') === version) return json({ version, unchanged: true })
    return json({ version, accounts: worlds.map(nameOf), ...viewBoard(world.account, number('pipeline')) })
  }
  if (pathname !== '/_board/deal') return gatewayPage(404)
  const deal = viewDeal(world, number('id'))
  return deal === undefined ? json({ gone: true }, 404) : json({ version, deal })
}

const nameOf = ({ account: { id, name } }: AccountWorld) => ({ id, name })

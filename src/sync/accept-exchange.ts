import type { Connection } from '../ports/connections.ts'
import type { Acceptance, ExchangeRequest, ExchangeStore } from '../ports/exchange.ts'

export interface AcceptDeps {
  exchanges: ExchangeStore
  /** Queue items were put for this connection: its account's worker may begin at once. */
  onNews(connection: Connection): void
}

/**
 * Takes in what a shop sent. Everything is committed when this resolves, so acknowledging is safe; when it throws, nothing was stored and
 * nothing may be acknowledged: the shop keeps its rows and comes again.
 */
export async function acceptExchange(
  connection: Connection,
  attemptId: string | null,
  request: ExchangeRequest,
  { exchanges, onNews }: AcceptDeps,
): Promise<Acceptance> {
  const outcome = await exchanges.accept(connection.id, attemptId, request)
  if (outcome.kind === 'accepted' && outcome.news) onNews(connection)
  return outcome
}

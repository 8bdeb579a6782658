import { renderIncident } from '../core/messages/incidents.ts'
import { noticeMail } from '../core/messages/notice.ts'
import { nextNoticeTry } from '../core/plan-notice.ts'
import {
  type Mailer,
  type Notice,
  NoticeError,
  type NoticeOutcome,
  type NoticeStore,
  type Reach,
  type WebhookSender,
} from '../ports/notices.ts'

export interface TellDeps {
  notices: NoticeStore
  /** null: no mail server is set; mail waits for nobody. */
  mailer: Mailer | null
  webhooks: WebhookSender
}

const atOnce = 200
/** Longer than the longest try: nobody else sends what is on its way. */
const leaseMs = 60_000

/**
 * One round: incidents that nobody was told of become notices, and due notices are sent. At least once: a crash between sending and settling
 * sends again under the same id. Answers how many were sent or put off.
 */
export async function tellPeople({ notices, mailer, webhooks }: TellDeps, signal: AbortSignal): Promise<number> {
  const reaches = await notices.listReaches()
  await notices.plan(
    reaches.map(({ connection, email, webhook }) => ({
      connection: connection.id,
      channels: [...(email.length > 0 && mailer !== null ? ['email' as const] : []), ...(webhook === null ? [] : ['webhook' as const])],
    })),
  )
  const due = await notices.take(atOnce, leaseMs)
  for (const parcel of parcels(due)) {
    const [first] = parcel
    const reach = reaches.find(({ connection }) => connection.id === first?.connection.id)
    const outcome = await deliver(parcel, reach, { mailer, webhooks }, signal)
    const now = await notices.now()
    await notices.settle(parcel.map((notice) => ({ id: notice.id, outcome: settled(notice, outcome, now) })))
  }
  return due.length
}

/** Mails carry all that a connection's people are to be told, webhooks one incident each. */
function parcels(due: Notice[]): Notice[][] {
  const mails = Map.groupBy(
    due.filter(({ channel }) => channel === 'email'),
    ({ connection }) => connection.id,
  )
  return [...mails.values(), ...due.filter(({ channel }) => channel === 'webhook').map((notice) => [notice])]
}

/** null: delivered, or nobody wants it any more. */
async function deliver(
  parcel: Notice[],
  reach: Reach | undefined,
  { mailer, webhooks }: Pick<TellDeps, 'mailer' | 'webhooks'>,
  signal: AbortSignal,
): Promise<string | null> {
  const [first] = parcel
  if (first === undefined || reach === undefined) return null
  try {
    if (first.channel === 'email') await mail(parcel, first, reach, mailer, signal)
    else if (reach.webhook !== null) await webhooks.send({ ...reach.webhook, id: first.id, body: hookBody(first, reach) }, signal)
    return null
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof NoticeError) return error.message
    throw error
  }
}

async function mail(parcel: Notice[], first: Notice, { connection, email, language }: Reach, mailer: Mailer | null, signal: AbortSignal) {
  if (mailer === null || email.length === 0) return
  const told = parcel.map(({ incident }) => ({ ...renderIncident(incident.code, incident.params, language), count: incident.count }))
  await mailer.send({ to: email, id: first.id, ...noticeMail(connection.name, told, language) }, signal)
}

function hookBody({ incident }: Notice, { connection, language }: Reach): string {
  const { id, code, entity, params, count, openedAt } = incident
  return JSON.stringify({
    type: 'incident.opened',
    timestamp: openedAt.toISOString(),
    data: { id, connection: connection.name, code, entity, ...renderIncident(code, params, language), count, openedAt },
  })
}

function settled({ attempts, createdAtMs }: Notice, reason: string | null, nowMs: number): NoticeOutcome {
  if (reason === null) return { kind: 'sent' }
  const dueAtMs = nextNoticeTry(attempts, createdAtMs, nowMs)
  return dueAtMs === undefined ? { kind: 'given-up', reason } : { kind: 'later', attempts: attempts + 1, dueAtMs, reason }
}

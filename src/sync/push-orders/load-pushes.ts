import { viewOrder } from '../../core/deal-view.ts'
import type { ConnectionId } from '../../core/ids.ts'
import { orderIdOfEntity, orderMarker } from '../../core/marker.ts'
import { type OrderPlan, planOrder, type SkipReason } from '../../core/plan-order.ts'
import { wantedPerson } from '../../core/plan-person.ts'
import type { Intent, StoredOrder } from '../../ports/push-store.ts'
import type { QueueItem } from '../../ports/queue.ts'
import { incident, type Push, type PushContext, type RefusedParts, type Run, step } from './push.ts'

/** How soon an order is looked at again whose settings are not ready. */
const withoutSettingsMs = 2_000

/** Reads what is known of each item's order and decides whether it needs work at all. Items without work are settled in here. */
export async function loadPushes(
  run: Run,
  items: QueueItem[],
  contextOf: (connection: ConnectionId) => PushContext | undefined,
): Promise<Push[]> {
  const pushes: Push[] = []
  const lost = await run.deps.store.listOpenIntents(
    run.lane.accountId,
    items.map(({ entityKey }) => entityKey),
  )
  for (const [connection, own] of Map.groupBy(items, (item) => item.connection)) {
    const context = contextOf(connection)
    const ids = own.flatMap((item) => orderIdOfEntity(item.entityKey) ?? [])
    const stored = context === undefined ? new Map<string, StoredOrder>() : await run.deps.store.loadOrders(connection, ids)
    for (const item of own) {
      const orderId = orderIdOfEntity(item.entityKey) ?? ''
      const order = stored.get(orderId)
      if (context === undefined) await waitForSettings(run, item)
      else if (order === undefined) await run.deps.store.save(run.lane, { settle: [{ item, outcome: { kind: 'done' } }] })
      else pushes.push(await beginPush(run, item, orderId, context, order, lost))
    }
  }
  return pushes
}

/** Settings are resolved anew just now, or the account has no field for the marker yet: an order is never let go for that. */
async function waitForSettings(run: Run, item: QueueItem): Promise<void> {
  const dueAtMs = (await run.deps.store.now()) + withoutSettingsMs
  const reason = 'the settings are not ready for this account yet'
  await run.deps.store.save(run.lane, { settle: [{ item, outcome: { kind: 'later', attempts: item.attempts, dueAtMs, reason } }] })
}

async function beginPush(
  run: Run,
  item: QueueItem,
  orderId: string,
  context: PushContext,
  stored: StoredOrder,
  lostOfAll: Intent[],
): Promise<Push> {
  const { pair, order } = stored
  const lost = lostOfAll.filter(({ connection, entityKey }) => connection === item.connection && entityKey === item.entityKey)
  const { settings, rule } = pair ? { settings: context.settingsForRule(pair.rule), rule: pair.rule } : context.settingsFor(order)
  const push: Push = {
    item,
    orderId,
    context,
    stored,
    settings,
    rule,
    marker: orderMarker(context.connection.shopKey, orderId),
    view: emptyView,
    pair,
    lost,
    unanswered: lost.some(({ kind }) => kind === 'deal'),
    unwanted: null,
    person: null,
    refused: nothingRefused(),
    outcome: null,
  }
  const plan = planPush(push)
  if (plan.kind === 'skip') {
    // A deal whose answer was lost may stand there all the same: it is looked for first.
    if (pair !== undefined || !push.unanswered) await skipPush(run, push, plan.reason)
    else push.unwanted = plan.reason
  }
  if (push.outcome !== null) return push
  if (plan.kind === 'create') push.person = { wanted: wantedPerson(order.buyer, context.stopList), contact: null, companyId: null }
  viewPush(run, push)
  return push
}

/** What the order asks for, as far as its deal is known. */
export function planPush({ stored, pair, context, settings, orderId }: Push): OrderPlan {
  const proof = context.connection.proofOrder === orderId
  return planOrder({ ...stored, pair }, { since: context.since, skip: settings.skip, proof })
}

export async function skipPush(run: Run, push: Push, reason: SkipReason): Promise<void> {
  push.outcome = { kind: 'done' }
  await run.deps.store.save(run.lane, { timeline: [step(push, 'skipped', { reason })] })
}

const nothingRefused = (): RefusedParts => ({
  fields: new Set(),
  leftovers: [],
  buyerLeftovers: [],
  responsibles: 0,
  stages: 0,
  name: false,
  contactName: false,
  price: false,
  tags: false,
  company: false,
})

const emptyView = {
  deal: { name: '', price: null, tags: [], fields: {}, note: null },
  contact: { named: {}, fields: {} },
  company: { named: {}, fields: {} },
  problems: [],
}

/** Views the order anew: at the beginning, and after amoCRM refused a part of it. */
export function viewPush({ deps }: Run, push: Push): void {
  const { context, settings, stored, refused } = push
  const now = deps.clock.now()
  const lately = [...deps.refusedFields].filter(([, untilMs]) => untilMs > now).map(([id]) => id)
  push.view = viewOrder(stored.order, settings, {
    directory: context.directory,
    keyField: context.ownFields.dealKey,
    urlField: context.ownFields.dealUrl,
    marker: push.marker,
    language: context.language,
    ...timeZoneOf(push),
    deleted: stored.deleted,
    refusedFields: new Set([...refused.fields, ...lately]),
    leftovers: [...(push.pair?.sent.buyerLeftovers ?? refused.buyerLeftovers), ...refused.leftovers],
  })
  if (refused.name) push.view.deal.name = stored.order.number
  if (refused.contactName) {
    delete push.view.contact.named.firstName
    delete push.view.contact.named.lastName
  }
  if (refused.price) push.view.deal.price = null
  if (refused.tags) push.view.deal.tags = []
}

function timeZoneOf({ context, stored }: Push): { timeZone?: string } {
  const timeZone = context.timeZones.get(stored.order.site)
  return timeZone === undefined ? {} : { timeZone }
}

/** Incidents for what the settings ask and the order cannot give: the order goes on without. */
export function viewIncidents(push: Push) {
  return push.view.problems.map((problem) =>
    problem.kind === 'value-unfit'
      ? incident(push, 'value-unfit', { field: problem.title, reason: problem.reason, place: problem.place }, `setting:${problem.place}`)
      : incident(push, `price-${problem.reason}`, { currency: problem.currency, total: problem.total }),
  )
}

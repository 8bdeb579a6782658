import { viewOrder } from '../../core/deal-view.ts'
import type { ConnectionId } from '../../core/ids.ts'
import { orderIdOfEntity, orderMarker } from '../../core/marker.ts'
import { planOrder } from '../../core/plan-order.ts'
import { wantedPerson } from '../../core/plan-person.ts'
import type { StoredOrder } from '../../ports/push-store.ts'
import type { QueueItem } from '../../ports/queue.ts'
import { incident, type Push, type PushContext, type Run, step } from './push.ts'

/** Reads what is known of each item's order and decides whether it needs work at all. Items without work are settled in here. */
export async function loadPushes(
  run: Run,
  items: QueueItem[],
  contextOf: (connection: ConnectionId) => PushContext | undefined,
): Promise<Push[]> {
  const pushes: Push[] = []
  for (const [connection, own] of Map.groupBy(items, (item) => item.connection)) {
    const context = contextOf(connection)
    const ids = own.flatMap((item) => orderIdOfEntity(item.entityKey) ?? [])
    const stored = context === undefined ? new Map<string, StoredOrder>() : await run.deps.store.loadOrders(connection, ids)
    for (const item of own) {
      const orderId = orderIdOfEntity(item.entityKey) ?? ''
      const order = stored.get(orderId)
      if (context === undefined || order === undefined) await settleUnknown(run, item)
      else pushes.push(await beginPush(run, item, orderId, context, order))
    }
  }
  const lost = await run.deps.store.listOpenIntents(
    run.lane.accountId,
    pushes.map(({ item }) => item.entityKey),
  )
  for (const push of pushes)
    push.lost = lost.filter(({ connection, entityKey }) => connection === push.item.connection && entityKey === push.item.entityKey)
  return pushes
}

async function settleUnknown(run: Run, item: QueueItem): Promise<void> {
  await run.deps.store.save(run.lane, { settle: [{ item, outcome: { kind: 'done' } }] })
}

async function beginPush(run: Run, item: QueueItem, orderId: string, context: PushContext, stored: StoredOrder): Promise<Push> {
  const { pair, order } = stored
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
    lost: [],
    person: null,
    refused: { fields: new Set(), leftovers: [], responsibles: 0, stage: false, price: false, tags: false, company: false },
    outcome: null,
  }
  const proof = context.connection.proofOrder === orderId
  const plan = planOrder(stored, { since: context.since, skip: settings.skip, proof })
  if (plan.kind === 'skip') {
    push.outcome = { kind: 'done' }
    await run.deps.store.save(run.lane, {
      settle: [{ item, outcome: push.outcome }],
      timeline: [step(push, 'skipped', { reason: plan.reason })],
    })
    return push
  }
  if (plan.kind === 'create') push.person = { wanted: wantedPerson(order.buyer, context.stopList), contact: null, companyId: null }
  viewPush(run, push)
  return push
}

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
    leftovers: refused.leftovers,
  })
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

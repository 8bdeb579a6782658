import { type Account, mainPipeline, stagesOf } from '../world/account.ts'
import type { Lead, Status } from '../world/model.ts'

/** Cards of a column beyond these are only counted. */
const cardsPerStage = 60

/** One pipeline: its stages with the newest deals of each, and the counts and sums of all of them. */
export function viewBoard(account: Account, pipelineId: number) {
  const pipeline = account.pipelines.get(pipelineId) ?? mainPipeline(account)
  const columns = new Map(stagesOf(pipeline).map((status) => [status.id, emptyColumn(status)]))
  for (const lead of account.leads.walk('id', 'desc')) {
    const column = lead.pipelineId === pipeline.id ? columns.get(lead.statusId) : undefined
    if (column === undefined) continue
    column.count += 1
    column.sum += lead.price
    if (column.deals.length < cardsPerStage) column.deals.push(viewCard(account, lead))
  }
  return {
    account: account.id,
    pipeline: pipeline.id,
    pipelines: [...account.pipelines.values()].map(({ id, name }) => ({ id, name })),
    stages: [...columns.values()],
  }
}

function emptyColumn({ id, name, color, type }: Status) {
  return { id, name, color, isUnsorted: type === 1, count: 0, sum: 0, deals: [] as ReturnType<typeof viewCard>[] }
}

function viewCard(account: Account, lead: Lead) {
  const { id, name, price, updatedAt } = lead
  const contact = lead.mainContactId === null ? undefined : account.contacts.find(lead.mainContactId)
  const tags = lead.tagIds.flatMap((tagId) => account.tags.leads.get(tagId)?.name ?? [])
  return { id, name, price, updatedAt, contact: contact?.name ?? '', tags }
}

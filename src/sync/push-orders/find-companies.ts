import type { CrmCompany } from '../../ports/crm.ts'
import type { KnownCompany } from '../../ports/push-store.ts'
import type { Push, PushContext, Run } from './push.ts'

/** Rows changed within the same second as the watermark may still come: reading goes this far below it. */
const overlapMs = 5_000
/** An account with more companies is not read whole for the first stranger's sake: there each INN is searched for. */
const readWholeUpTo = 1_000

/** Companies by INN (+ KPP): from what is known, else from what changed since it was read, or by search; an unknown one is made with the deal. */
export async function findKnownCompanies(run: Run, work: Push[]): Promise<void> {
  const buying = work.filter(({ stored, person }) => stored.order.buyer.company?.inn && person !== null)
  const [first] = buying
  if (first === undefined) return
  const strangers = await assign(run, buying)
  if (strangers.length === 0) return
  if (await readCompanies(run, first.context)) await assign(run, strangers)
  else for (const push of strangers) await searchCompany(run, push)
}

const innOf = ({ stored }: Push) => stored.order.buyer.company?.inn ?? ''

/** Gives each order the company it names, as far as it is known. Answers the others. */
async function assign(run: Run, pushes: Push[]): Promise<Push[]> {
  const known = await run.deps.store.findCompanies(run.lane.accountId, [...new Set(pushes.map(innOf))])
  return pushes.filter((push) => {
    const company = known.find((one) => isSame(one, push))
    if (company !== undefined && push.person !== null) push.person.companyId = company.id
    return company === undefined
  })
}

function isSame({ inn, kpp }: Pick<KnownCompany, 'inn' | 'kpp'>, push: Push): boolean {
  const wanted = push.stored.order.buyer.company?.kpp
  return inn === innOf(push) && (!wanted || !kpp || kpp === wanted)
}

/** Reads what changed since the last reading; the first time everything, where that is little. False: there is too much, so a search is needed. */
async function readCompanies({ deps, lane, signal }: Run, context: PushContext): Promise<boolean> {
  const marks = await deps.store.getMarks(lane.accountId)
  if (marks['companies-too-many'] !== undefined) return false
  const watermark = marks['companies-read-until']
  const startedAtMs = await deps.store.now()
  const read: KnownCompany[] = []
  let newest = watermark ?? 0
  for await (const company of deps.crm.listCompaniesByChange({ class: 'live-create', signal })) {
    const updatedAtMs = company.updatedAt.getTime()
    if (watermark !== undefined && updatedAtMs < watermark - overlapMs) break
    newest = Math.max(newest, updatedAtMs)
    read.push(toKnownCompany(company, context))
    if (watermark === undefined && read.length > readWholeUpTo) {
      await deps.store.save(lane, { marks: { 'companies-too-many': startedAtMs } })
      return false
    }
  }
  const companies = read.filter(({ inn }) => inn !== null)
  // What changed during the reading may have slipped past it: the next one begins no later than this one did.
  await deps.store.save(lane, { companies, marks: { 'companies-read-until': Math.min(newest, startedAtMs) } })
  return true
}

function toKnownCompany({ id, name, fields }: CrmCompany, { ownFields }: PushContext): KnownCompany {
  const read = (field: PushContext['ownFields']['companyInn']) =>
    field === null ? null : (fields.get(field)?.[0]?.value?.toString() ?? null)
  return { id, name, inn: read(ownFields.companyInn), kpp: read(ownFields.companyKpp) }
}

async function searchCompany(run: Run, push: Push): Promise<void> {
  const hits = await run.deps.crm.searchCompanies(innOf(push), { class: 'live-create', signal: run.signal })
  const same = hits.map((hit) => toKnownCompany(hit, push.context)).filter((company) => isSame(company, push))
  const [company] = same.sort((a, b) => a.id - b.id)
  if (company === undefined || push.person === null) return
  push.person.companyId = company.id
  await run.deps.store.save(run.lane, { companies: [company] })
}

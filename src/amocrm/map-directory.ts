import type { Directory, DirectoryField, DirectoryPipeline, DirectoryUser, FieldEntity } from '../core/directory.ts'
import { fieldId, pipelineId, statusId, userId } from '../core/ids.ts'
import type { Call } from '../ports/crm.ts'
import type { Amo } from './amo.ts'
import { AmoForbiddenError, AmoNotFoundError } from './client/errors.ts'
import { getAccount } from './client/routes/account.ts'
import { type AmoField, type AmoFieldEntity, listCustomFields } from './client/routes/custom-fields.ts'
import { type AmoLossReason, listLossReasons } from './client/routes/loss-reasons.ts'
import { type AmoPipeline, listPipelines } from './client/routes/pipelines.ts'
import { type AmoUser, listUsers } from './client/routes/users.ts'

export const amoEntity: Readonly<Record<FieldEntity, AmoFieldEntity>> = { deal: 'leads', contact: 'contacts', company: 'companies' }

/** Everything the settings may name. Archived pipelines are left out: no deal can be put there. */
export async function readDirectory(amo: Amo, call: Call): Promise<Directory> {
  const account = await getAccount(amo, call)
  const pipelines = await listPipelines(amo, call)
  return {
    amoAccountId: account.id,
    name: account.name,
    subdomain: account.subdomain,
    currency: account.currency ?? 'RUB',
    filtersOn: account.is_api_filter_enabled ?? false,
    lossReasonsOn: account.is_loss_reason_enabled ?? false,
    users: await listUsersIfAllowed(amo, call),
    pipelines: pipelines.filter(({ is_archive }) => is_archive !== true).map(toPipeline),
    fields: [
      ...(await listFields(amo, 'deal', call)),
      ...(await listFields(amo, 'contact', call)),
      ...(await listFields(amo, 'company', call)),
    ],
    lossReasons: await listLossReasonsIfThere(amo, call),
  }
}

async function listUsersIfAllowed(amo: Amo, call: Call): Promise<DirectoryUser[] | null> {
  try {
    return (await listUsers(amo, call)).map(toUser)
  } catch (error) {
    if (error instanceof AmoForbiddenError) return null
    throw error
  }
}

/** The route is in no page of the vendor's present docs: an account without it has no reasons. */
async function listLossReasonsIfThere(amo: Amo, call: Call): Promise<AmoLossReason[]> {
  try {
    return await listLossReasons(amo, call)
  } catch (error) {
    if (error instanceof AmoNotFoundError || error instanceof AmoForbiddenError) return []
    throw error
  }
}

async function listFields(amo: Amo, entity: FieldEntity, call: Call): Promise<DirectoryField[]> {
  const fields = await listCustomFields(amo, amoEntity[entity], call)
  return fields.map((field) => toDirectoryField(field, entity))
}

function toUser({ id, name, email, rights }: AmoUser): DirectoryUser {
  return {
    id: userId(id),
    name: name ?? '',
    email: email ?? null,
    assignable: rights?.is_active !== false && rights?.is_free !== true,
  }
}

function toPipeline({ id, name, is_main, is_unsorted_on, _embedded }: AmoPipeline): DirectoryPipeline {
  const onTheBoard = (_embedded?.statuses ?? []).toSorted((a, b) => unsortedFirst(a.type) - unsortedFirst(b.type) || a.sort - b.sort)
  return {
    id: pipelineId(id),
    name,
    main: is_main ?? false,
    unsortedOn: is_unsorted_on ?? false,
    statuses: onTheBoard.map((status) => ({
      id: statusId(status.id),
      name: status.name,
      sort: status.sort,
      unsorted: status.type === unsortedType,
    })),
  }
}

const unsortedType = 1
const unsortedFirst = (type: number | null | undefined) => (type === unsortedType ? 0 : 1)

function toDirectoryField({ id, name, code, type, enums }: AmoField, entity: FieldEntity): DirectoryField {
  return {
    id: fieldId(id),
    entity,
    name,
    code: code ?? null,
    type,
    enums: enums.map((option) => ({ id: option.id, value: option.value, code: option.code ?? null })),
  }
}

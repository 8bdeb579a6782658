import type { FieldId, PipelineId, StatusId, UserId } from './ids.ts'

/** Won and lost exist in every pipeline under the same ids (docs/facts/amocrm.md#stages). */
export const wonStatus = 142 as StatusId
export const lostStatus = 143 as StatusId

export interface Stage {
  pipelineId: PipelineId
  statusId: StatusId
}

export interface DirectoryStatus {
  id: StatusId
  name: string
  sort: number
  /** The "unsorted" stage can be neither written nor patched. */
  unsorted: boolean
}

export interface DirectoryPipeline {
  id: PipelineId
  name: string
  main: boolean
  unsortedOn: boolean
  /** In the order of the board, unsorted first where there is one. */
  statuses: DirectoryStatus[]
}

export type FieldEntity = 'deal' | 'contact' | 'company'

export interface DirectoryField {
  id: FieldId
  entity: FieldEntity
  name: string
  code: string | null
  /** amoCRM's type: text, numeric, select, multitext, tracking_data, … */
  type: string
  enums: { id: number; value: string; code: string | null }[]
}

export interface DirectoryUser {
  id: UserId
  name: string
  email: string | null
  /** Active and not free: may be made responsible for a deal. */
  assignable: boolean
}

/** What an amoCRM account consists of, as far as the settings may name it. */
export interface Directory {
  /** amoCRM's numeric account id: never the subdomain, which can be renamed. */
  amoAccountId: number
  name: string
  subdomain: string
  /** ISO code; amoCRM does not tell it, so RUB unless the account says otherwise. */
  currency: string
  filtersOn: boolean
  lossReasonsOn: boolean
  /** null: the token's user is no administrator, the list is closed to it. */
  users: DirectoryUser[] | null
  pipelines: DirectoryPipeline[]
  fields: DirectoryField[]
  lossReasons: { id: number; name: string }[]
}

import type { ConnectionId } from '../core/ids.ts'

export interface QueueRow {
  id: string
  connection: string
  type: string
  entityKey: string
  payload: unknown
  attempts: number
  status: string
  lastError: string | null
  dueAt: Date
  createdAt: Date
  updatedAt: Date
}

export interface QueueFilter {
  connection?: ConnectionId
  status?: string
  type?: string
  ids?: string[]
}

import type { Stage } from './directory.ts'
import type { DealChange } from './plan-deal.ts'

/**
 * Parts of a deal that a write may have changed whose answer never came: the CRM shows what was last answered, or what such a write carried.
 * What is in doubt is written again also when the shop is back at what was last answered.
 */
export interface Doubt {
  name: boolean
  price: boolean
  /** Ids of custom fields. */
  fields: string[]
  /** Where the unanswered writes wanted the deal. */
  stages: Stage[]
  note: boolean
}

export const noDoubt: Doubt = { name: false, price: false, fields: [], stages: [], note: false }

/** Everything a deal was ever sent is in doubt: somebody else's values may stand there. */
export const allInDoubt = (fields: Iterable<string>): Doubt => ({ name: true, price: true, fields: [...fields], stages: [], note: false })

/** What is in doubt while this write is on its way. An earlier doubt stays: an answer to the new write ends both. */
export function doubtWhileWriting(before: Doubt | null, change: DealChange | null, stage: Stage | undefined): Doubt {
  const { name, price, fields, stages, note } = before ?? noDoubt
  return {
    name: name || change?.name !== undefined,
    price: price || change?.price !== undefined,
    fields: [...new Set([...fields, ...Object.keys(change?.fields ?? {})])],
    stages: stage === undefined || stages.some((known) => isSameStage(known, stage)) ? stages : [...stages, stage],
    note,
  }
}

/** Doubt after the deal itself was answered for: the note is a write of its own. */
export function afterDealAnswered(doubt: Doubt | null): Doubt | null {
  if (doubt === null) return null
  const settled = afterNoteAnswered(doubt) === null
  if (settled) return doubt
  return doubt.note ? { ...noDoubt, note: true } : null
}

/** Doubt after the note was answered for. */
export function afterNoteAnswered(doubt: Doubt | null): Doubt | null {
  if (doubt === null) return null
  const { name, price, fields, stages } = doubt
  return name || price || fields.length > 0 || stages.length > 0 ? { ...doubt, note: false } : null
}

export const isSameStage = (a: Stage, b: Stage) => a.pipelineId === b.pipelineId && a.statusId === b.statusId

import type { DealView } from './deal-view.ts'
import { type Doubt, noDoubt } from './doubt.ts'
import type { FitValue } from './fields/fit.ts'
import type { Leftover } from './order-note.ts'

/** What the pair remembers of the last push: the view with the note as its fingerprint. */
export type SentView = Omit<DealView, 'note'> & {
  noteHash: string | null
  /** Of the buyer, refused when the deal was made and never sent again: the note keeps showing them. */
  buyerLeftovers?: Leftover[]
}

export interface DealChange {
  name?: string
  price?: number
  fields?: Record<string, FitValue[]>
  tagsToAdd?: string[]
}

/**
 * What has to be written so that the CRM shows `view`, given what was last sent. Only what changed on our side is written:
 * a value that a manager changed meanwhile stays until the shop's own value changes. The manager's deal keeps its responsible.
 * What is in doubt is written in any case.
 */
export function planDealChange(view: DealView, sent: SentView, doubt: Doubt | null): DealChange | null {
  const inDoubt = doubt ?? noDoubt
  const change: DealChange = {}
  if (view.name !== sent.name || inDoubt.name) change.name = view.name
  if (view.price !== null && (view.price !== sent.price || inDoubt.price)) change.price = view.price
  const fields = Object.entries(view.fields).filter(([id, values]) => !sameValues(values, sent.fields[id]) || inDoubt.fields.includes(id))
  if (fields.length > 0) change.fields = Object.fromEntries(fields)
  const tags = view.tags.filter((tag) => !sent.tags.includes(tag))
  if (tags.length > 0) change.tagsToAdd = tags
  return Object.keys(change).length === 0 ? null : change
}

/** What is remembered once `view` stands in the CRM: fields that are empty now keep what was last sent, because nothing was wiped. */
export function afterSending(view: DealView, before: SentView | undefined, noteHash: string | null): SentView {
  return {
    name: view.name,
    price: view.price ?? before?.price ?? null,
    tags: [...new Set([...(before?.tags ?? []), ...view.tags])],
    fields: { ...before?.fields, ...view.fields },
    noteHash,
    ...(before?.buyerLeftovers === undefined ? {} : { buyerLeftovers: before.buyerLeftovers }),
  }
}

const sameValues = (a: FitValue[], b: FitValue[] | undefined) => JSON.stringify(a) === JSON.stringify(b)

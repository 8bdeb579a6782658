declare const brand: unique symbol
type Branded<T, Name extends string> = T & { readonly [brand]: Name }

/** Shop ids are strings, as the bridge protocol sends them. */
export type OrderId = Branded<string, 'OrderId'>
export type ConnectionId = Branded<string, 'ConnectionId'>
export type AccountId = Branded<string, 'AccountId'>

/** amoCRM ids are positive integers below 2^31. */
export type DealId = Branded<number, 'DealId'>
export type ContactId = Branded<number, 'ContactId'>
export type CompanyId = Branded<number, 'CompanyId'>
export type NoteId = Branded<number, 'NoteId'>
export type UserId = Branded<number, 'UserId'>
export type PipelineId = Branded<number, 'PipelineId'>
export type StatusId = Branded<number, 'StatusId'>
export type FieldId = Branded<number, 'FieldId'>

export const orderId = (value: string) => value as OrderId
export const connectionId = (value: string) => value as ConnectionId
export const accountId = (value: string) => value as AccountId
export const dealId = (value: number) => value as DealId
export const contactId = (value: number) => value as ContactId
export const companyId = (value: number) => value as CompanyId
export const noteId = (value: number) => value as NoteId
export const userId = (value: number) => value as UserId
export const pipelineId = (value: number) => value as PipelineId
export const statusId = (value: number) => value as StatusId
export const fieldId = (value: number) => value as FieldId

import * as z from 'zod'

/** One value of a custom field as read. The vendor's contact sample says `enum` where all others say `enum_code`. */
const Value = z
  .object({
    value: z.unknown().optional(),
    enum_id: z.int().nullish(),
    enum_code: z.union([z.string(), z.number()]).nullish(),
    enum: z.unknown().optional(),
  })
  .transform(({ value, enum_id, enum_code, enum: oldCode }) => ({
    value,
    enumId: enum_id ?? undefined,
    enumCode: enum_code?.toString() ?? (typeof oldCode === 'string' ? oldCode : undefined),
  }))

const FieldValues = z.object({
  field_id: z.int(),
  field_code: z.string().nullish(),
  values: z
    .array(Value)
    .nullish()
    .transform((values) => values ?? []),
})
export type AmoFieldValues = z.infer<typeof FieldValues>

/** null, [] and a missing key all mean that nothing is filled. */
export const CustomFields = z
  .array(FieldValues)
  .nullish()
  .transform((fields) => fields ?? [])

/** One field of a write. `values: null` clears it; an array replaces the whole of it. */
export type AmoFieldWrite = ({ field_id: number } | { field_code: string }) & {
  values: { value?: string | number | boolean; enum_id?: number; enum_code?: string }[] | null
}

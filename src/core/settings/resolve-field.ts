import type { Directory, FieldEntity } from '../directory.ts'
import { isWritableType } from '../fields/fit.ts'
import { nearest } from '../fields/nearest.ts'
import { findField, type Report } from './names.ts'
import { ownFieldCodes } from './own-fields.ts'
import type { Path } from './problems.ts'
import type { FieldRule, FieldTarget } from './resolved.ts'
import type { WrittenField } from './written.ts'

const contactTargets = ['name', 'firstName', 'lastName', 'phone', 'email'] as const
const companyTargets = ['name', 'phone', 'email', 'inn'] as const
const dealTargets = ['price', 'name', 'tags'] as const

/** `placeOf` turns a path into the place that incidents name. */
export function resolveFields(
  written: readonly WrittenField[],
  directory: Directory,
  path: Path,
  placeOf: (path: Path) => string,
  report: Report,
): FieldRule[] {
  return written.flatMap(({ from, to, transform = [], owner = 'shop' }, index) => {
    const target = findTarget(String(to), directory, [...path, index, 'to'], report)
    return target === undefined ? [] : [{ place: placeOf([...path, index]), from, to: target, transforms: transform, owner }]
  })
}

/** `price`, `contact.phone`, or a custom field by id, code or name; `contact.` and `company.` name the other entities' fields. */
function findTarget(to: string, directory: Directory, path: Path, report: Report): FieldTarget | undefined {
  const [, prefix, inner] = /^(contact|company)\.(.+)$/s.exec(to) ?? []
  const entity: FieldEntity = prefix === 'contact' || prefix === 'company' ? prefix : 'deal'
  const name = inner ?? to
  return wellKnown(entity, name) ?? customTarget(entity, name, directory, path, report)
}

function wellKnown(entity: FieldEntity, name: string): FieldTarget | undefined {
  const contact = contactTargets.find((kind) => kind === name)
  const company = companyTargets.find((kind) => kind === name)
  const deal = dealTargets.find((kind) => kind === name)
  if (entity === 'contact') return contact && { kind: contact, entity }
  if (entity === 'company') return company && { kind: company, entity }
  return deal && { kind: deal, entity }
}

const targetsOf: Record<FieldEntity, readonly string[]> = { deal: dealTargets, contact: contactTargets, company: companyTargets }

function customTarget(entity: FieldEntity, name: string, directory: Directory, path: Path, report: Report): FieldTarget | undefined {
  const fields = directory.fields.filter((field) => field.entity === entity)
  const found = findField(name, fields, path, (at, code, params, suggestion) => {
    const right = suggestion ?? nearest(name, targetsOf[entity])
    report(at, code, params, right && entity !== 'deal' ? `${entity}.${right}` : right)
  })
  if (found === undefined) return undefined
  if (found.code !== null && entity === 'deal' && ownFieldCodes.has(found.code)) report(path, 'own-field', { name: found.name })
  else if (!isWritableType(found.type)) report(path, 'field-type', { name: found.name, type: found.type })
  else return { kind: 'custom', entity, fieldId: found.id, code: found.code, type: found.type }
  return undefined
}

/** A rule for the same place replaces the one below it; tags add up. */
export function layFields(below: readonly FieldRule[], over: readonly FieldRule[]): FieldRule[] {
  const taken = new Set(over.filter(({ to }) => to.kind !== 'tags').map(targetKey))
  return [...below.filter((rule) => !taken.has(targetKey(rule))), ...over]
}

const targetKey = ({ to }: FieldRule) => `${to.entity}.${to.kind === 'custom' ? to.fieldId : to.kind}`

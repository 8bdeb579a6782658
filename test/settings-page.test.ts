import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { parseSettings } from '../src/core/settings/parse.ts'
import { exampleFile } from '../src/core/settings/testing/example.ts'

const page = await readFile(new URL('../docs/settings.md', import.meta.url), 'utf8')
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text)

/** A whole file, or a part of one that stands in the section its first key belongs to. */
function wholeFile(example: string): string {
  if (example.startsWith('version:')) return example
  const inOrders = /^(rules|fields):/.test(example)
  const body = inOrders ? `orders:\n${indent(example)}` : example
  return `version: 1\nconnections:\n  - name: a\n${indent(indent(body))}`
}
const indent = (text: string) => text.replace(/^(?=.)/gm, '  ')

test.each(examples)('%s', (example) => expect(parseSettings(wholeFile(example)).problems).toEqual([]))

test('every key of the whole vocabulary is on the page', () => {
  const words = new Set(page.match(/[\w-]+/g))
  const { settings } = parseSettings(exampleFile)
  const keys = (value: unknown): string[] => {
    if (Array.isArray(value)) return value.flatMap(keys)
    if (typeof value !== 'object' || value === null) return []
    return Object.entries(value).flatMap(([key, inner]) => [key, ...keys(inner)])
  }
  const known = keys(settings).filter((key) => /^[a-z][A-Za-z]+$/.test(key))
  expect(known.length).toBeGreaterThan(60)
  expect(known.filter((key) => !words.has(key))).toEqual([])
})

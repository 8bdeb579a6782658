import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseTemplate, renderTemplate } from './template.ts'

const data = { order: { number: '10025', lines: [{ name: 'A' }, { name: 'B' }], status: 'N', comment: null } }

function render(text: string): string {
  const template = parseTemplate(text)
  if (!template.ok) throw new Error(template.problem.code)
  return renderTemplate(template.value, data)
}

describe('templates', () => {
  test.each([
    ['Order #{{order.number}}', 'Order #10025'],
    ['{{ order.lines[*].name | lower }}', 'a, b'],
    ['{{order.lines[*].name | join("|")}}', 'A|B'],
    ['{{order.lines[*].name | join(|)}}', 'A|B'],
    ['{{order.comment | default(нет (}}))}}', 'нет (}})'],
    ['{{order.status | map({N: Новый})}}', 'Новый'],
    ['{{order.status | map({N: "}}"})}}', '}}'],
    ['{{order.comment | default(пусто)}}!', 'пусто!'],
    ['{{order.comment}}', ''],
    ['{order.number} }}', '{order.number} }}'],
  ])('%s', (text, rendered) => expect(render(text)).toBe(rendered))

  test.each([
    ['Order {{shop.name}}', 8, 'path-root'],
    ['Order {{order.number', 6, 'template-open'],
    ['{{order.number | trimm}}', 17, 'transform-unknown'],
    ['{{order.number | lower | split}}', 25, 'transform-needs-argument'],
    ['{{order.number + 1}}', 14, 'path-syntax'],
    ['{{}}', 2, 'path-root'],
  ])('%s: trouble at %i, %s', (text, at, code) => expect(parseTemplate(text)).toMatchObject({ ok: false, at, problem: { code } }))

  test('text without places stays as it is', () => {
    const plain = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('{{'))
    fc.assert(
      fc.property(plain, (text) => {
        expect(render(text)).toBe(text)
      }),
    )
  })

  test('no text makes reading throw', () => {
    const pieces = fc.constantFrom('{{', '}}', 'order.number', '|', 'map({', '"', "'", '(', ')', 'trim', ' ')
    fc.assert(
      fc.property(fc.array(pieces), (texts) => {
        expect(typeof parseTemplate(texts.join('')).ok).toBe('boolean')
      }),
    )
  })
})

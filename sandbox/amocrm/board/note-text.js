import { h } from './dom.js'

/** `2. Name — 3 pc × 10 ₽ = 30 ₽ · colour: red`: number, what, sum, the rest. */
const goodsLine = /^(\d+)\. (.+?) = ([^=·]+?)(?: · (.+))?$/

/** The text of a note; numbered lines with a sum become a table. */
export function noteText(text) {
  const parts = []
  for (const line of joinedNumbers(text).split('\n')) {
    const goods = goodsLine.exec(line)
    if (goods === null) addLine(parts, line)
    else addRow(parts, goods)
  }
  return parts
}

/** A sum is not torn apart at the end of a line. */
const joinedNumbers = (text) => text.replace(/(\d) (?=\d{3}\b|₽)/g, '$1\u00a0')

function addLine(parts, line) {
  const last = parts.at(-1)
  if (last?.tagName === 'P') last.textContent += `\n${line}`
  else parts.push(h('p', { class: 'text' }, line))
}

function addRow(parts, [, number, what, sum, rest]) {
  const last = parts.at(-1)
  const table = last?.tagName === 'TABLE' ? last : h('table', { class: 'lines' }, h('tbody'))
  if (table !== last) parts.push(table)
  const name = [what, rest === undefined ? undefined : h('small', {}, rest)]
  table.tBodies[0].append(h('tr', {}, h('td', { class: 'number' }, number), h('td', {}, ...name), h('td', { class: 'sum' }, sum)))
}

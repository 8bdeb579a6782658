import { act } from './api.js'
import { h, linkOrText } from './dom.js'
import { day, moment, money, t } from './language.js'
import { noteText } from './note-text.js'

/**
 * The panel of one deal. `run(action)` does what a person asked and shows how it went; `stages` are those of the shown pipeline.
 * A form somebody is filling in is kept as it is.
 */
export function dealPanel(deal, { account, stages, run, close }) {
  const words = t()
  const change = (verb, body, done) => run(() => act(verb, { account, ...body }), done)
  return [
    h(
      'header',
      {},
      h('h2', {}, deal.name || words.untitled(deal.id)),
      h('button', { type: 'button', class: 'icon', 'aria-label': words.close, title: words.close, onclick: close }, '×'),
    ),
    h('p', { class: 'facts' }, h('strong', {}, money(deal.price)), h('span', {}, `#${deal.id}`)),
    tagList(deal.tags),
    stageChoice(deal, stages, change),
    facts(deal),
    ...deal.contacts.map((contact) => contactForm(contact, change)),
    deal.company && section(words.company, h('p', {}, deal.company.name), fieldList(deal.company.fields)),
    deal.fields.length > 0 && section(words.fields, fieldList(deal.fields)),
    deal.goods.length > 0 && section(words.goods, goodsTable(deal.goods)),
    notesSection(deal, change),
    removal(deal, run, account, close),
  ].filter(Boolean)
}

const section = (title, ...content) => h('section', {}, h('h3', {}, title), ...content)

export function tagList(tags) {
  return tags.length > 0 && h('ul', { class: 'tags' }, ...tags.map((tag) => h('li', {}, tag)))
}

function stageChoice(deal, stages, change) {
  const options = stages
    .filter(({ id, isUnsorted }) => !isUnsorted || id === deal.statusId)
    .map(({ id, name }) => h('option', { value: id, selected: id === deal.statusId }, name))
  const move = ({ target }) => change('move-lead', { id: deal.id, pipelineId: deal.pipelineId, statusId: Number(target.value) })
  return field(t().stage, h('select', { name: 'stage', onchange: move }, ...options))
}

const field = (label, input) => h('label', { class: 'field' }, h('span', {}, label), input)

function facts(deal) {
  const words = t()
  const rows = [
    [words.responsible, deal.responsible ?? words.robot],
    [words.created, moment(deal.createdAt)],
    deal.closedAt && [words.closed, moment(deal.closedAt)],
    deal.lossReason && [words.lossReason, deal.lossReason],
  ]
  return pairs(rows.filter(Boolean))
}

const pairs = (rows) => h('dl', {}, ...rows.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))))

function fieldList(fields) {
  return fields.length > 0 && pairs(fields.map((item) => [item.field_name, h('span', {}, ...valuesOf(item))]))
}

function valuesOf({ field_type: type, values }) {
  return values.flatMap(({ value }, index) => [...(index > 0 ? [', '] : []), shown(type, value)])
}

function shown(type, value) {
  if (type === 'checkbox') return t().yes
  if (type === 'date' || type === 'birthday') return day(value)
  if (type === 'date_time') return moment(value)
  return typeof value === 'object' ? Object.values(value).join(', ') : linkOrText(String(value))
}

function contactForm(contact, change) {
  const words = t()
  const input = (name, type, autocomplete) => h('input', { name, type, autocomplete, value: contact[name] })
  const save = (event) => {
    event.preventDefault()
    const data = Object.fromEntries(new FormData(event.target))
    const changed = Object.fromEntries(Object.entries(data).filter(([name, value]) => value !== contact[name]))
    delete event.target.dataset.dirty
    change('edit-contact', { id: contact.id, ...splitName(changed) }, words.saved)
  }
  const others = contact.fields.filter(({ field_code: code }) => code !== 'PHONE' && code !== 'EMAIL')
  return section(
    words.contact,
    h(
      'form',
      { 'data-contact': contact.id, onsubmit: save, oninput: markDirty },
      field(words.name, input('name', 'text', 'off')),
      field(words.phone, input('phone', 'tel', 'off')),
      field(words.email, input('email', 'text', 'off')),
      h('button', { type: 'submit' }, words.save),
    ),
    fieldList(others),
  )
}

/** The first word is the first name, the rest the last. */
function splitName({ name, ...rest }) {
  if (name === undefined) return rest
  const [firstName = '', ...lastName] = name.trim().split(/\s+/)
  return { ...rest, firstName, lastName: lastName.join(' ') }
}

function markDirty({ currentTarget }) {
  currentTarget.dataset.dirty = 'true'
}

function goodsTable(goods) {
  const rows = goods.map(({ name, quantity, price }) =>
    h('tr', {}, h('td', {}, name), h('td', { class: 'number' }, String(quantity)), h('td', { class: 'sum' }, price ? money(price) : '')),
  )
  return h('table', { class: 'lines' }, h('tbody', {}, ...rows))
}

function notesSection(deal, change) {
  const words = t()
  const add = (event) => {
    event.preventDefault()
    const text = new FormData(event.target).get('text').trim()
    if (text === '') return
    delete event.target.dataset.dirty
    event.target.reset()
    change('add-note', { kind: 'leads', id: deal.id, text })
  }
  const notes = deal.notes.map((note) =>
    h(
      'li',
      { 'data-testid': `note-${note.id}` },
      h('p', { class: 'by' }, h('span', {}, note.author ?? words.robot), h('time', {}, moment(note.at))),
      ...noteText(note.text),
    ),
  )
  const form = h(
    'form',
    { 'data-note': deal.id, onsubmit: add, oninput: markDirty },
    field(words.newNote, h('textarea', { name: 'text', rows: 2 })),
    h('button', { type: 'submit', class: 'quiet' }, words.addNote),
  )
  return section(words.notes, form, notes.length > 0 ? h('ol', { class: 'notes' }, ...notes) : h('p', { class: 'none' }, words.noNotes))
}

/** Asks a second time in the same place. */
function removal(deal, run, account, close) {
  const words = t()
  const box = h('div', { class: 'removal' })
  const remove = () =>
    run(async () => {
      await act('delete-lead', { account, id: deal.id })
      close()
    }, words.removed)
  const ask = () => {
    box.replaceChildren(
      h('span', {}, words.removeSure),
      h('button', { type: 'button', class: 'danger', onclick: remove }, words.remove),
      h('button', { type: 'button', class: 'quiet', onclick: rest }, words.keep),
    )
  }
  const rest = () => box.replaceChildren(h('button', { type: 'button', class: 'danger', onclick: ask }, words.remove))
  rest()
  return box
}

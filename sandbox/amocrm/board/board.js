import { act, read } from './api.js'
import { dealPanel, tagList } from './deal-panel.js'
import { h } from './dom.js'
import { currentLanguage, languages, money, setLanguage, t } from './language.js'

const top = document.getElementById('top')
const board = document.getElementById('board')
const panel = document.getElementById('panel')
const notice = document.getElementById('notice')

const pollMs = 1000
const noticeMs = 4000

/** What is shown: the last answer of the server, and what the person chose. */
const state = { data: undefined, account: undefined, pipeline: undefined, seen: new Map(), dragging: false }

const openedDeal = () => Number(/^#deal-(\d+)$/.exec(location.hash)?.[1]) || undefined

async function refresh(since) {
  const { account, pipeline } = state
  const data = await read('board', { account, pipeline, since })
  if (data === undefined || data.unchanged || state.dragging || account !== state.account || pipeline !== state.pipeline) return
  state.data = data
  drawTop()
  drawBoard()
  await drawPanel()
}

function drawTop() {
  const { data } = state
  const words = t()
  document.documentElement.lang = currentLanguage()
  document.title = `${words.title} · amoCRM`
  const choose = (key) => (event) => {
    state[key] = Number(event.target.value)
    if (key === 'account') state.pipeline = undefined
    location.hash = ''
    run(() => refresh())
  }
  const options = (items, chosen) => items.map(({ id, name }) => h('option', { value: id, selected: id === chosen }, name))
  top.replaceChildren(
    h('h1', {}, words.title, ' ', h('small', {}, words.emulator)),
    h('select', { 'aria-label': words.account, name: 'account', onchange: choose('account') }, ...options(data.accounts, data.account)),
    h(
      'select',
      { 'aria-label': words.pipeline, name: 'pipeline', onchange: choose('pipeline') },
      ...options(data.pipelines, data.pipeline),
    ),
    h('div', { class: 'languages', role: 'group', 'aria-label': words.language }, ...languages.map(languageButton)),
  )
}

function languageButton(language) {
  const choose = () => {
    setLanguage(language)
    drawTop()
    drawBoard()
    drawPanel({ anew: true })
  }
  const pressed = language === currentLanguage()
  return h('button', { type: 'button', lang: language, 'aria-pressed': String(pressed), onclick: choose }, language.toUpperCase())
}

function drawBoard() {
  const focused = document.activeElement?.dataset?.testid
  const scrolled = new Map([...board.querySelectorAll('[data-stage] ol')].map((list) => [list.parentElement.dataset.stage, list.scrollTop]))
  board.replaceChildren(...state.data.stages.map(column))
  for (const list of board.querySelectorAll('[data-stage] ol')) list.scrollTop = scrolled.get(list.parentElement.dataset.stage) ?? 0
  if (focused?.startsWith('deal-') && focused !== 'deal-panel') board.querySelector(`[data-testid="${focused}"]`)?.focus()
  state.seen = new Map(state.data.stages.flatMap(({ id, deals }) => deals.map((deal) => [deal.id, `${id}/${deal.updatedAt}`])))
}

function column(stage) {
  const words = t()
  const rest = stage.count - stage.deals.length
  const element = h(
    'section',
    {
      class: `column${stage.isUnsorted && stage.count === 0 ? ' unused' : ''}`,
      'data-testid': `stage-${stage.id}`,
      'data-stage': stage.id,
      'aria-label': stage.name,
    },
    h(
      'header',
      { style: `--stage: ${/^#[0-9a-f]{6}$/i.test(stage.color) ? stage.color : '#c1c1c1'}` },
      h('h2', {}, stage.name),
      h('p', {}, h('span', { class: 'count' }, String(stage.count)), money(stage.sum)),
    ),
    h('ol', {}, ...stage.deals.map((deal) => card(deal, stage)), stage.count === 0 && h('li', { class: 'none' }, words.empty)),
    rest > 0 && h('p', { class: 'more' }, words.more(rest)),
  )
  if (!stage.isUnsorted) acceptDrops(element, stage)
  return element
}

function card(deal, stage) {
  const before = state.seen.get(deal.id)
  const isChanged = state.seen.size > 0 && before !== `${stage.id}/${deal.updatedAt}`
  const link = h(
    'a',
    {
      href: `#deal-${deal.id}`,
      class: `deal${isChanged ? ' changed' : ''}`,
      draggable: 'true',
      'data-testid': `deal-${deal.id}`,
      'aria-current': openedDeal() === deal.id ? 'true' : undefined,
    },
    h('span', { class: 'name' }, deal.name || t().untitled(deal.id)),
    deal.contact && h('span', { class: 'who' }, deal.contact),
    h('span', { class: 'price' }, money(deal.price)),
    tagList(deal.tags),
  )
  link.addEventListener('dragstart', (event) => {
    state.dragging = true
    event.dataTransfer.setData('text/plain', String(deal.id))
    event.dataTransfer.effectAllowed = 'move'
    link.classList.add('dragged')
  })
  link.addEventListener('dragend', () => {
    state.dragging = false
    link.classList.remove('dragged')
  })
  return h('li', {}, link)
}

function acceptDrops(element, stage) {
  element.addEventListener('dragover', (event) => {
    event.preventDefault()
    element.classList.add('target')
  })
  element.addEventListener('dragleave', (event) => {
    if (!element.contains(event.relatedTarget)) element.classList.remove('target')
  })
  element.addEventListener('drop', (event) => {
    event.preventDefault()
    element.classList.remove('target')
    state.dragging = false
    const id = Number(event.dataTransfer.getData('text/plain'))
    const { pipeline, account, stages } = state.data
    const deal = stages.flatMap(({ deals }) => deals).find((each) => each.id === id)
    if (deal === undefined || stage.deals.includes(deal)) return
    const name = deal.name || t().untitled(id)
    run(() => act('move-lead', { account, id, pipelineId: pipeline, statusId: stage.id }), t().moved(name, stage.name))
  })
}

/** Redrawn when something changed, but never under the hands of somebody who is writing in it. */
async function drawPanel({ anew = false } = {}) {
  const id = openedDeal()
  if (id === undefined) {
    panel.hidden = true
    panel.replaceChildren()
    return
  }
  const isSame = panel.dataset.deal === String(id) && !panel.hidden
  if (isSame && !anew && panel.querySelector('form[data-dirty]')) return
  const answer = await read('deal', { account: state.data.account, id })
  if (openedDeal() !== id) return
  if (answer === undefined) {
    say(t().gone)
    close()
    return
  }
  const scrolled = isSame ? panel.scrollTop : 0
  const stages = answer.deal.pipelineId === state.data.pipeline ? state.data.stages : []
  panel.dataset.deal = String(id)
  panel.setAttribute('aria-label', answer.deal.name || t().untitled(id))
  panel.replaceChildren(...dealPanel(answer.deal, { account: state.data.account, stages, run, close }))
  panel.hidden = false
  panel.scrollTop = scrolled
  if (!isSame) panel.focus()
}

function close() {
  const id = openedDeal()
  history.replaceState(null, '', location.pathname)
  drawPanel()
  markOpened()
  board.querySelector(`[data-testid="deal-${id}"]`)?.focus()
}

function markOpened() {
  for (const link of board.querySelectorAll('a.deal')) link.toggleAttribute('aria-current', link.hash === location.hash && link.hash !== '')
}

/** Does what the person asked and says how it went; true when it worked. */
async function run(action, done = undefined) {
  try {
    await action()
    if (done !== undefined) say(done)
    await refresh()
    return true
  } catch (error) {
    say(t().refused(error.message), true)
    return false
  }
}

let noticeTimer

function say(text, isBad = false) {
  notice.textContent = text
  notice.classList.toggle('bad', isBad)
  notice.hidden = false
  clearTimeout(noticeTimer)
  noticeTimer = setTimeout(() => {
    notice.hidden = true
  }, noticeMs)
}

async function poll() {
  try {
    await refresh(state.data?.version)
    if (notice.dataset.offline) {
      delete notice.dataset.offline
      notice.hidden = true
    }
  } catch {
    notice.dataset.offline = 'true'
    say(t().offline, true)
  }
  setTimeout(poll, pollMs)
}

window.addEventListener('hashchange', () => {
  markOpened()
  if (state.data !== undefined) run(() => drawPanel())
})
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !panel.hidden) close()
})

poll()

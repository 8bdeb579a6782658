// Keeps «Мои заказы» true while the page is open: asks once a second and writes what changed.
const live = document.getElementById('live-orders')
const everyMs = 1000

async function refresh() {
  const response = await fetch('/orders/state.json', { headers: { accept: 'application/json' } })
  if (!response.ok) return
  const states = await response.json()
  for (const card of live.querySelectorAll('[data-order]')) {
    const state = states[card.dataset.order]
    if (state === undefined) card.remove()
    else write(card, state)
  }
}

function write(card, state) {
  for (const place of card.querySelectorAll('[data-live]')) {
    const text = state[place.dataset.live]
    if (place.textContent === text) continue
    place.textContent = text
    card.classList.remove('changed')
    requestAnimationFrame(() => card.classList.add('changed'))
  }
}

async function watch() {
  try {
    if (!document.hidden) await refresh()
  } catch {
    // The shop restarts: the next second asks again.
  }
  setTimeout(watch, everyMs)
}

if (live?.querySelector('[data-order]')) setTimeout(watch, everyMs)

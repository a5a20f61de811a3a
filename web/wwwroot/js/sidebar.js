// The list of chats: shown or hidden, walked through with arrow keys, swiped in on a phone.

const root = document.documentElement
const sidebar = document.getElementById('sidebar')
const narrow = matchMedia('(max-width: 48rem)')
const search = document.getElementById('search')
const results = document.getElementById('search-results')
const stops = '#search, .conversation a, [data-hit]'
const edge = 32
const swipe = 60

function toggle() {
  if (narrow.matches) return setDrawer(root.dataset.drawer !== 'open')
  root.dataset.sidebar = root.dataset.sidebar === 'closed' ? 'open' : 'closed'
  htmx.ajax('POST', '/preferences', { swap: 'none', values: { sidebar: root.dataset.sidebar } })
}

function setDrawer(open) {
  if (open) {
    root.dataset.drawer = 'open'
    sidebar.querySelector('a')?.focus()
  } else {
    delete root.dataset.drawer
  }
}

function markCurrent() {
  const current = sidebar.querySelector('[aria-current]')
  const next = sidebar.querySelector(`.conversation a[href="${location.pathname}"]`)
  if (current === next) return
  current?.removeAttribute('aria-current')
  next?.setAttribute('aria-current', 'page')
}

document.addEventListener('click', event => {
  if (!event.target.closest('[data-sidebar-toggle]')) return
  event.preventDefault()
  toggle()
})

for (const name of ['htmx:pushedIntoHistory', 'htmx:afterSettle']) document.addEventListener(name, markCurrent)
document.addEventListener('htmx:pushedIntoHistory', () => setDrawer(false))

document.addEventListener('keydown', event => {
  if (event.key === 'Escape') setDrawer(false)
  if ((event.ctrlKey || event.metaKey) && event.shiftKey && event.key.toLowerCase() === 's') {
    event.preventDefault()
    toggle()
  }
})

// Puts the chats back in the place of what was found.
sidebar.addEventListener('keydown', event => {
  if (event.key !== 'Escape' || !event.target.matches('#search, [data-hit]')) return
  search.value = ''
  results.replaceChildren()
  search.focus()
})

sidebar.addEventListener('keydown', event => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (!step || !event.target.matches(stops)) return
  const links = [...sidebar.querySelectorAll(stops)].filter(stop => stop.checkVisibility())
  const next = links[links.indexOf(event.target) + step]
  if (!next) return
  event.preventDefault()
  next.focus()
})

let start
document.addEventListener('touchstart', event => { start = event.touches[0] }, { passive: true })
document.addEventListener('touchend', event => {
  if (!narrow.matches || !start) return
  const end = event.changedTouches[0]
  const [across, down] = [end.clientX - start.clientX, Math.abs(end.clientY - start.clientY)]
  if (Math.abs(across) < swipe || down > Math.abs(across)) return
  if (across > 0 && start.clientX < edge) setDrawer(true)
  if (across < 0 && root.dataset.drawer === 'open') setDrawer(false)
}, { passive: true })

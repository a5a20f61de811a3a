// The list of chats: shown or hidden, walked through with arrow keys, swiped in on a phone.

const root = document.documentElement
const sidebar = document.getElementById('sidebar')
const narrow = matchMedia('(max-width: 48rem)')
const search = document.getElementById('search')
const results = document.getElementById('search-results')
const stops = '#search, .folder__name, .conversation__link, [data-hit]'
const organise = () => import('./organise.js')
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

const places = () => [...sidebar.querySelectorAll(stops)].filter(stop => stop.checkVisibility())

sidebar.addEventListener('keydown', event => {
  if (!event.target.matches(stops)) return
  const all = places()
  const place = all.indexOf(event.target)
  const inText = event.target === search
  const next = { ArrowDown: all[place + 1], ArrowUp: all[place - 1], Home: inText ? null : all[1], End: inText ? null : all.at(-1) }[event.key]
    ?? (event.key === 'ArrowRight' && !inText ? event.target.parentElement.querySelector('[aria-haspopup]') : null)
  if (!next) return
  event.preventDefault()
  next.focus()
})

// What was focused may be gone from the list when it comes anew: then what stands in its place is.
let focused = -1
document.addEventListener('htmx:beforeSwap', event => {
  if (event.target.id === 'conversations') focused = places().indexOf(document.activeElement?.closest('.conversation')?.querySelector(stops))
})
document.addEventListener('htmx:afterSettle', event => {
  if (event.target.id !== 'conversations' || focused < 0 || document.activeElement !== document.body) return
  const all = places()
  all[Math.min(focused, all.length - 1)]?.focus()
})

// Few who look at chats drag them: what that needs comes with the first look.
sidebar.addEventListener('pointerover', organise, { once: true })

// Menus open once they are there.
document.addEventListener('htmx:afterSwap', event => {
  if (event.target.id === 'menu-items') organise().then(chats => chats.openMenu(event.detail.requestConfig.elt))
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

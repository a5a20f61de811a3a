// An answer that ends while another window is looked at says so: in the tab's title, and in a notice where these are wanted.

const pause = 5_000
const root = document.documentElement
let watching = false

export async function watch(article) {
  if (watching) return
  watching = true
  while (document.hidden && await isRunning(article.dataset.url)) await new Promise(done => setTimeout(done, pause))
  watching = false
  if (document.hidden) tell()
}

async function isRunning(url) {
  try {
    const response = await fetch(url, { headers: { 'HX-Request': 'true' } })
    return !response.ok || new DOMParser().parseFromString(await response.text(), 'text/html').querySelector('[aria-busy]') !== null
  } catch {
    return true
  }
}

async function tell() {
  const title = document.title
  document.title = `● ${title}`
  document.addEventListener('visibilitychange', () => { document.title = title }, { once: true })
  if (root.dataset.notices !== 'on' || window.Notification?.permission !== 'granted') return
  const options = { body: document.getElementById('announcer').dataset.done, icon: '/icon.svg', tag: location.pathname }
  // Phones show notices of a service worker alone.
  const worker = await navigator.serviceWorker?.getRegistration()
  if (worker) return worker.showNotification(title, options)
  new Notification(title, options).addEventListener('click', () => window.focus())
}

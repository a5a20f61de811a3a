// What every page needs: the antiforgery header, the dialogs, messages in the corner, copying, keys.

const root = document.documentElement
const byId = id => document.getElementById(id)
const dialog = byId('dialog')
const toasts = byId('toasts')
const toastTime = 10_000

document.addEventListener('htmx:configRequest', event => {
  event.detail.headers['X-CSRF'] = document.querySelector('meta[name=csrf]').content
})

// Nobody asks how far something is while nobody looks.
document.addEventListener('htmx:beforeRequest', event => {
  if (document.hidden && event.detail.elt.matches('[data-live]')) event.preventDefault()
})

// A page that is shown in the dialog when scripts run: it opens once its content is there, and focus returns by itself.
document.addEventListener('htmx:afterSwap', event => {
  if (event.target.id === 'dialog-body' && !dialog.open) dialog.showModal()
})

document.addEventListener('htmx:afterRequest', event => {
  if (event.detail.successful && event.detail.requestConfig?.elt.closest('[data-closes]')) dialog.close()
})

document.addEventListener('htmx:confirm', event => {
  const question = event.detail.elt.dataset.confirm
  if (!question) return
  event.preventDefault()
  const confirm = byId('confirm')
  byId('confirm-text').textContent = question
  confirm.returnValue = ''
  confirm.addEventListener('close', () => confirm.returnValue === 'yes' && event.detail.issueRequest(true), { once: true })
  confirm.showModal()
})

document.addEventListener('htmx:sendError', () => {
  if (!toasts.querySelector('[data-offline]')) toasts.append(byId('offline').content.cloneNode(true))
})

new MutationObserver(changes => {
  for (const toast of changes.flatMap(change => [...change.addedNodes]).filter(node => node.matches?.('.toast:not(.toast--error)'))) {
    setTimeout(() => toast.matches(':focus-within') || toast.remove(), toastTime)
  }
}).observe(toasts, { childList: true })

if ('speechSynthesis' in window) root.dataset.speaks = ''
if ('SpeechRecognition' in window || 'webkitSpeechRecognition' in window) root.dataset.listens = ''

document.addEventListener('click', event => {
  const on = selector => event.target.closest(selector)
  if (on('[data-dismiss]')) on('.toast').remove()
  else if (on('[data-close]') || event.target.matches('dialog')) event.target.closest('dialog').close()
  else if (on('[data-copy]')) copy(event, on('[data-copy]'))
  else if (on('[data-aloud]')) import('./aloud.js').then(aloud => aloud.toggle(on('[data-aloud]')))
  else if (on('[data-dictate]')) import('./dictate.js').then(dictation => dictation.toggle(on('[data-dictate]')))
})

async function copy(event, button) {
  event.preventDefault()
  const text = fetch(button.dataset.copy).then(response => response.ok ? response.text() : Promise.reject(response))
  try {
    await navigator.clipboard.writeText(await text)
    button.classList.add('is-done')
    byId('announcer').textContent = byId('announcer').dataset.copied
    setTimeout(() => button.classList.remove('is-done'), 1500)
  } catch {
    // No clipboard here: the text itself is the next best.
    location.assign(button.dataset.copy)
  }
}

document.addEventListener('change', event => {
  const { name, value } = event.target
  if (!event.target.matches('[data-look]')) return
  root.dataset[name] = value
  if (name === 'notices' && value === 'on') window.Notification?.requestPermission()
  if (name === 'offline') keepPage()
})

document.addEventListener('htmx:load', event => {
  event.target.querySelector?.('[data-select]')?.select()
})

// Over plain http, and where somebody forbids it, there is no worker, and nothing is kept.
addEventListener('load', () => {
  navigator.serviceWorker?.register('/sw.js').catch(() => {})
  keepPage()
})
document.addEventListener('htmx:pushedIntoHistory', () => keepPage())

async function keepPage() {
  if (!navigator.serviceWorker || !navigator.onLine) return
  const isKept = root.dataset.offline === 'on'
  if (isKept && location.pathname.startsWith('/chat/')) (await import('./keep.js')).keep(location.pathname)
  if (!isKept && await caches.has('pages')) (await import('./keep.js')).forget()
}

document.addEventListener('keydown', event => {
  if (!(event.ctrlKey || event.metaKey)) return
  const key = event.key.toLowerCase()
  if (event.shiftKey && key === 'o') act(event, byId('new-chat'))
  else if (event.key === '/') act(event, byId('help'))
  else if (key === 'k' && !event.shiftKey) act(event, byId('palette'))
})

function act(event, target) {
  event.preventDefault()
  target?.click()
}

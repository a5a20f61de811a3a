// Where no network is, the browser shows a chat that was kept on this device, or a page that says so. It only reads: what is
// written meanwhile waits in the page that it was written on.

const offline = 'offline'
const files = 'files'
const pages = 'pages'
const mostFiles = 200
const fingerprinted = /\.[a-z0-9]{10}\.(js|css)$/

self.addEventListener('install', event => event.waitUntil(prepare()))
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()))

self.addEventListener('fetch', event => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (request.mode === 'navigate' && request.destination === 'document') event.respondWith(open(request, pathname))
  else if (['script', 'style', 'font'].includes(request.destination) || pathname === '/icon.svg') event.respondWith(load(event))
})

self.addEventListener('notificationclick', event => {
  event.notification.close()
  event.waitUntil(self.clients.matchAll({ type: 'window' }).then(([window]) => window?.focus()))
})

async function prepare() {
  const cache = await caches.open(offline)
  const page = await fetch('/offline')
  await cache.put('/offline', page.clone())
  const needs = [...(await page.text()).matchAll(/(?:src|href)="(\/[^"]+\.(?:js|css|svg))"/g)].map(([, url]) => url)
  await cache.addAll(needs)
  await self.skipWaiting()
}

async function open(request, pathname) {
  try {
    return await fetch(request)
  } catch {
    return await (await caches.open(pages)).match(pathname) ?? await caches.match('/offline')
  }
}

async function load(event) {
  const { request } = event
  try {
    const response = await fetch(request)
    if (response.ok) event.waitUntil(keep(request, response.clone()).catch(() => {}))
    return response
  } catch (failure) {
    const kept = await caches.match(request)
    if (kept) return kept
    throw failure
  }
}

// The page does not wait for it, and what has its fingerprint in its name never changes.
async function keep(request, response) {
  const cache = await caches.open(files)
  if (fingerprinted.test(request.url) && await cache.match(request)) return
  await cache.put(request, response)
  const all = await cache.keys()
  for (const old of all.slice(0, Math.max(0, all.length - mostFiles))) await cache.delete(old)
}

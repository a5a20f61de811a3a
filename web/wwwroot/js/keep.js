// Keeps the chats that were last open on this device, for when no network is. Signing out takes them away (Clear-Site-Data).

const most = 30
const pages = 'pages'

export async function keep(url) {
  const cache = await caches.open(pages)
  const response = await fetch(url)
  if (!response.ok || response.redirected) return
  await cache.delete(url)
  await cache.put(url, response)
  const all = await cache.keys()
  for (const old of all.slice(0, Math.max(0, all.length - most))) await cache.delete(old)
}

export const forget = () => caches.delete(pages)

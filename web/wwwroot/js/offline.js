// The chats that are kept on this device, the last one first.

const list = document.getElementById('kept')

async function titleOf(cache, request) {
  const page = new DOMParser().parseFromString(await (await cache.match(request)).text(), 'text/html')
  return page.title.replace(/ · Calango$/, '')
}

async function show() {
  const cache = await caches.open('pages')
  for (const request of (await cache.keys()).reverse()) {
    const link = document.createElement('a')
    link.href = new URL(request.url).pathname
    link.textContent = await titleOf(cache, request)
    const item = document.createElement('li')
    item.append(link)
    list.append(item)
  }
  list.parentElement.hidden = list.children.length === 0
}

addEventListener('online', () => location.reload())
show()

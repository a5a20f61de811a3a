// Files for a chat: chosen, dropped on it or pasted, they go one by one, the first of a new chat begins it, and a message that
// is sent meanwhile waits until they are there. What is pasted as text stays text; a long one is offered as a file.

const input = () => document.getElementById('composer-files')
const box = () => document.getElementById('attachments')
const field = () => document.getElementById('composer-text')
const longText = 10_000
let queue = Promise.resolve()
let underWay = 0
let messageWaits = false
let typed

function attach(files) {
  if (underWay === 0) forget()
  for (const file of files) {
    if (file.size > input().dataset.limit) {
      refuse(file)
      continue
    }

    underWay++
    const line = lineOf(file)
    queue = queue.then(() => send(file)).catch(() => {}).then(() => {
      line.remove()
      if (--underWay === 0 && messageWaits) input()?.form.requestSubmit()
      if (underWay === 0) messageWaits = false
    })
  }
}

function forget() {
  for (const refusal of document.querySelectorAll('.attachments__refusals')) refusal.remove()
}

async function send(file) {
  const isNew = field().form.dataset.draft === 'new'
  const kept = [...box().children].filter(child => !child.matches('#attachment-list'))
  await htmx.ajax('POST', input().dataset.attach, { source: input(), target: '#attachments', swap: 'outerHTML', values: { Files: [file] } })
  box()?.prepend(...kept)
  if (!isNew || field()?.form.dataset.draft === 'new') return
  // It has begun a chat: what was written for a new one belongs to that.
  localStorage.removeItem('draft:new')
  field().value = typed
  field().dispatchEvent(new Event('input', { bubbles: true }))
  field().focus()
}

function lineOf(file) {
  const line = document.createElement('p')
  line.className = 'attachment attachment--sent'
  line.textContent = `${file.name} · ${box().dataset.sending} `
  const progress = document.createElement('progress')
  progress.className = 'meter__bar'
  progress.setAttribute('aria-label', file.name)
  line.append(progress)
  box().append(line)
  return line
}

function refuse(file) {
  const line = document.createElement('p')
  line.className = 'attachments__refusals field__error'
  line.textContent = `${file.name}: ${input().dataset.tooLarge}`
  box().prepend(line)
}

// They go one by one: the first line is that of the file that is on its way.
document.addEventListener('htmx:xhr:progress', ({ target, detail }) => {
  const progress = target === input() && box()?.querySelector('.attachment--sent progress')
  if (progress && detail.lengthComputable) progress.value = detail.loaded / detail.total
})

document.addEventListener('htmx:beforeSwap', event => {
  if (event.detail.requestConfig?.elt === input()) typed = field().value
})

document.addEventListener('htmx:beforeRequest', event => {
  if (event.detail.elt.id !== 'composer') return
  if (underWay === 0) return forget()
  event.preventDefault()
  messageWaits = true
})

document.addEventListener('change', event => {
  if (event.target !== input()) return
  const files = [...input().files]
  input().value = ''
  attach(files)
})

document.addEventListener('paste', event => {
  const { files, types } = event.clipboardData
  if (event.target !== field()) return
  const text = event.clipboardData.getData('text/plain')
  // Once it is in the box.
  if (text.length > longText) setTimeout(async () => (await import('./paste.js')).offer(text, attach))
  if (files.length === 0 || types.includes('text/plain')) return
  event.preventDefault()
  attach([...files])
})

// What shows a picture large is needed by few, and comes with the first one that somebody wants to see.
document.addEventListener('click', async event => {
  const link = event.target.closest('a[data-picture]')
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const { show } = await import('./lightbox.js')
  show(link)
})

const over = event => event.dataTransfer?.types.includes('Files') && input() && event.target.closest?.('.chat')

document.addEventListener('dragover', event => {
  field()?.form.classList.toggle('is-over', Boolean(over(event)))
  if (over(event)) event.preventDefault()
})

document.addEventListener('drop', event => {
  field()?.form.classList.remove('is-over')
  if (!over(event)) return
  event.preventDefault()
  // A folder comes as an item that holds no bytes.
  attach([...event.dataTransfer.items].filter(item => item.webkitGetAsEntry?.()?.isFile ?? item.kind === 'file').map(item => item.getAsFile()))
})

document.addEventListener('visibilitychange', () => document.hidden || htmx.trigger(document.body, 'attachments-changed'))

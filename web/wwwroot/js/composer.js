// The place to write: keys, growth, and a draft for each chat that survives a refresh. The draft carries the id under
// which it will be sent, so that sending it twice makes one turn.

const typesWithThumbs = matchMedia('(pointer: coarse)')
const form = () => document.getElementById('composer')
const field = () => document.getElementById('composer-text')
const isRunning = () => document.querySelector('#composer-action [data-stop]') !== null
// What waits is kept as text; pictures go with what is sent by hand.
const mayWait = () => field().value.trim() !== '' && !form().elements.Pictures
const hasNothing = () => field().value.trim() === '' && !form().elements.Pictures
const draftKey = () => `draft:${form().dataset.draft}`

// By rows, not by height: the page's policy lets no style attribute be copied along when htmx swaps the field.
function grow(area) {
  const least = area === field() ? 1 : 3
  const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(area)
  area.rows = least
  area.rows = Math.max(least, Math.floor((area.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom)) / parseFloat(lineHeight)))
}

function refresh() {
  if (!form()) return
  const send = document.querySelector('#composer-action [data-send]')
  if (send) send.disabled = hasNothing()
  const wait = document.querySelector('#composer-action [data-wait]')
  if (wait) wait.hidden = !mayWait()
  if (isRunning() || localStorage.getItem(`waiting:${form().dataset.draft}`)) waiting ??= import('./waiting.js')
  grow(field())
  lookAtWaiting()
}

// Seen at once, since an answer may end while the file that sends what waits is still on its way.
let sawRunning = false
async function lookAtWaiting() {
  sawRunning ||= isRunning()
  const messages = await waiting
  const hasEnded = sawRunning && !isRunning()
  sawRunning = isRunning()
  if (form()) messages?.look(hasEnded)
}

// What comes while an answer is written waits for its end.
async function letWait() {
  if (mayWait()) (await waiting).add()
}

function save() {
  const text = field().value
  if (text) localStorage.setItem(draftKey(), JSON.stringify({ text, id: form().ClientMessageId.value }))
  else localStorage.removeItem(draftKey())
}

function restore() {
  const draft = JSON.parse(localStorage.getItem(draftKey()) ?? 'null')
  if (draft && !field().value) {
    field().value = draft.text
    form().ClientMessageId.value = draft.id
  }
}

function sent() {
  localStorage.removeItem(sentDraft)
  if (!form() || draftKey() !== sentDraft) return
  field().value = ''
  document.querySelector('.pictures--waiting')?.remove()
  form().ClientMessageId.value = crypto.randomUUID()
  document.getElementById('composer-long').hidden = true
  refresh()
}

let prepared
let waiting
function prepare() {
  if (form() && form() !== prepared) {
    prepared = form()
    restore()
  }
  refresh()
}

let sentDraft
let slash
document.addEventListener('htmx:beforeRequest', event => {
  if (event.detail.elt !== form()) return
  if (isRunning() || hasNothing()) {
    event.preventDefault()
    // Several models were chosen before there was anything to ask them.
    document.getElementById('dialog').close()
    field().focus()
  } else {
    sentDraft = draftKey()
  }
})
// The form itself may be gone by now: the answer to a new chat's first message brings another one.
document.addEventListener('htmx:afterRequest', event => {
  if (event.detail.requestConfig?.elt.id === 'composer' && event.detail.successful) sent()
})

// A message that did not reach the server waits for the network; the server takes it once, should it have come after all.
document.addEventListener('htmx:sendError', async event => {
  if (event.detail.elt !== form()) return
  waiting ??= import('./waiting.js')
  await letWait()
})

document.addEventListener('input', event => {
  if (event.target === field()) {
    refresh()
    save()
    // Few messages begin so, and only they need what lists templates.
    if (field().value.startsWith('/')) slash ??= import('./slash.js')
    slash?.then(templates => templates.show())
  } else if (event.target.matches('[data-autosize]')) {
    grow(event.target)
  }
})

document.addEventListener('htmx:load', event => {
  for (const area of event.target.querySelectorAll?.('[data-autosize]') ?? []) grow(area)
})
document.addEventListener('htmx:afterSettle', prepare)
document.addEventListener('htmx:oobAfterSwap', refresh)
document.addEventListener('click', event => event.target.closest('[data-wait]') && letWait())
// Who has changed a message or a title, or given that up, goes on writing.
document.addEventListener('htmx:afterSettle', event => {
  if (event.detail.requestConfig?.elt.closest('.editor, .chat__title--editing') && !typesWithThumbs.matches) field()?.focus()
})

document.addEventListener('keydown', event => {
  // 229 is a key that an input method still composes with, in browsers that don't say so otherwise.
  if (event.isComposing || event.keyCode === 229) return
  if (event.key === 'Escape' && !document.querySelector('dialog[open]')) {
    const cancel = event.target.closest('.message--editing, .chat__title--editing')?.querySelector('[data-cancel]')
    ;(cancel ?? document.querySelector('#composer-action [data-stop]'))?.click()
  } else if (event.target === field()) {
    writeKey(event)
  } else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && event.target.matches('.editor__text')) {
    event.target.form.requestSubmit()
  }
})

function writeKey(event) {
  if (event.key === 'Enter' && !event.shiftKey && !typesWithThumbs.matches) {
    event.preventDefault()
    if (isRunning()) letWait()
    else if (!hasNothing()) form().requestSubmit()
  } else if (event.key === 'ArrowUp' && field().value === '') {
    const edits = document.querySelectorAll('[data-edit]')
    if (edits.length === 0) return
    event.preventDefault()
    edits[edits.length - 1].click()
  }
}

prepare()

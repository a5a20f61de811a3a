// Messages that wait until an answer is complete. They are kept in the browser, for each chat, and sent one after another; after an
// answer that was stopped or failed, or on a page that did not see it end, they wait for a click.

const form = () => document.getElementById('composer')
const field = () => document.getElementById('composer-text')
const list = () => document.getElementById('waiting')
const key = () => `waiting:${form().dataset.draft}`
const isRunning = () => document.querySelector('#composer-action [data-stop]') !== null
const messages = () => JSON.parse(localStorage.getItem(key()) ?? '[]')
let shown
let hasArrived

export function add() {
  keep([...messages(), { text: field().value.trim(), id: form().ClientMessageId.value }])
  field().value = ''
  form().ClientMessageId.value = crypto.randomUUID()
  field().dispatchEvent(new Event('input', { bubbles: true }))
}

// The page has changed: the list may be another chat's, and an answer may have come to its end before this page's eyes.
export function look(hasEnded) {
  show()
  if (hasEnded && [...document.querySelectorAll('.message--answer')].at(-1)?.dataset.state === 'Complete') send(messages()[0])
}

addEventListener('online', () => form() && send(messages()[0]))

function keep(all) {
  if (all.length > 0) localStorage.setItem(key(), JSON.stringify(all))
  else localStorage.removeItem(key())
  show()
}

const others = message => messages().filter(other => other.id !== message.id)

// From the list, not from the form: what is being written there stays. Twice under one id makes one turn, whichever tab sends it.
async function send(message) {
  if (!message || isRunning()) return
  keep(others(message))
  hasArrived = false
  await htmx.ajax('POST', form().getAttribute('action'), { source: list(), target: '#messages', swap: 'beforeend', values: { Text: message.text, ClientMessageId: message.id } }).catch(() => {})
  if (!hasArrived) keep([message, ...others(message)])
}

document.addEventListener('htmx:afterRequest', event => {
  if (event.detail.requestConfig?.elt.id === 'waiting') hasArrived = event.detail.successful
})

function show() {
  // What stays as it is keeps the focus.
  const now = `${key()} ${localStorage.getItem(key())} ${isRunning()}`
  if (now === shown && list().children.length === messages().length) return
  shown = now
  const rows = messages().map(message => {
    const row = document.getElementById('waiting-row').content.firstElementChild.cloneNode(true)
    row.querySelector('[data-text]').textContent = message.text
    row.querySelector('[data-send-now]').hidden = isRunning()
    row.addEventListener('click', event => act(event, message))
    return row
  })
  list().replaceChildren(...rows)
  list().hidden = rows.length === 0
}

function act(event, message) {
  const on = selector => event.target.closest(selector)
  if (on('[data-send-now]')) return send(message)
  if (!on('[data-take-back], [data-remove]')) return
  keep(others(message))
  if (on('[data-take-back]')) {
    field().value = [message.text, field().value].filter(Boolean).join('\n\n')
    field().dispatchEvent(new Event('input', { bubbles: true }))
  }
  field().focus()
}

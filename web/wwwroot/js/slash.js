// Templates by their commands: a slash at the start of a message opens a list above it, what is typed narrows it, arrow keys walk
// through it, Enter or Tab takes one. What a template says comes into the composer; nothing is sent.

const list = () => document.getElementById('slash')
const field = () => document.getElementById('composer-text')
const options = () => [...list().querySelectorAll('[role=option]')].filter(option => !option.hidden)
const isOpen = () => list() && !list().hidden
const query = () => /^\/[^\n]{0,60}$/.test(field().value) ? field().value.slice(1).toLowerCase() : null
let isDismissed = false
let files = []
let loading

/** Shows what fits what was typed. */
export async function show() {
  if (query() === null) {
    isDismissed = isDismissed && field().value.startsWith('/')
    return close()
  }

  if (isDismissed) return
  // Each time anew: templates come and go.
  if (query() === '' || list().children.length === 0) loading ??= load()
  await loading
  if (list() && query() !== null) filter(query())
}

// One at a time: of a second one htmx would say at once that it has come.
const load = () => htmx.ajax('GET', list().dataset.url, { source: list(), target: '#slash', swap: 'innerHTML' }).finally(() => { loading = undefined })

function filter(typed) {
  const words = typed.split(/\s+/)
  for (const option of list().querySelectorAll('[role=option]')) {
    const name = option.textContent.toLowerCase()
    option.hidden = !words.every(word => name.includes(word))
  }
  const found = options()
  list().hidden = found.length === 0
  activate(found.find(option => option.dataset.command === typed) ?? found.find(option => option.dataset.command?.startsWith(typed)) ?? found[0])
}

function activate(option) {
  list().querySelector('[aria-selected=true]')?.setAttribute('aria-selected', 'false')
  option?.setAttribute('aria-selected', 'true')
  option?.scrollIntoView({ block: 'nearest' })
  if (option && isOpen()) field().setAttribute('aria-activedescendant', option.id)
  else field().removeAttribute('aria-activedescendant')
}

function close() {
  if (!isOpen()) return
  list().hidden = true
  field().removeAttribute('aria-activedescendant')
}

// Before the composer has them: there Enter would send.
document.addEventListener('keydown', event => {
  if (event.target !== field() || !isOpen() || event.isComposing || event.keyCode === 229) return
  const all = options()
  const at = all.findIndex(option => option.ariaSelected === 'true')
  if (event.key === 'ArrowDown') activate(all[(at + 1) % all.length])
  else if (event.key === 'ArrowUp') activate(all[(at - 1 + all.length) % all.length])
  else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) all[at]?.click()
  else if (event.key === 'Escape') isDismissed = true
  else return
  event.preventDefault()
  event.stopPropagation()
  if (!event.key.startsWith('Arrow')) close()
}, { capture: true })

document.addEventListener('click', event => {
  if (!event.target.closest('#slash, #composer-text') || event.target.closest('#slash [role=option]')) close()
})

// A template's file goes to the chat, not along with its form: there only its name counts.
document.addEventListener('htmx:configRequest', event => {
  if (event.detail.elt.id !== 'template-use') return
  files = []
  for (const input of event.detail.elt.querySelectorAll('input[type=file]')) {
    files.push(...input.files)
    event.detail.formData.set(input.name, input.files[0]?.name ?? '')
  }
})

document.addEventListener('htmx:afterSwap', event => {
  if (event.target.id !== 'filled') return
  const text = event.target.querySelector('[data-filled]').textContent
  event.target.replaceChildren()
  document.getElementById('dialog').close()
  put(text)
})

function put(text) {
  isDismissed = true
  field().value = text
  field().dispatchEvent(new Event('input', { bubbles: true }))
  field().focus()
  field().setSelectionRange(text.length, text.length)
  field().scrollTop = field().scrollHeight
  attach()
}

function attach() {
  if (files.length === 0) return
  const chosen = new DataTransfer()
  for (const file of files) chosen.items.add(file)
  files = []
  const input = document.getElementById('composer-files')
  input.files = chosen.files
  input.dispatchEvent(new Event('change', { bubbles: true }))
}

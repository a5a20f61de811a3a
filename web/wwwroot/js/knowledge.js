// A collection's page: files that are chosen in its form or dropped on it go one by one, each with a line that says how far
// it is.

let queue = Promise.resolve()
const changed = () => htmx.trigger(document.body, 'documents-changed')

function add(form, files) {
  for (const file of files) {
    const line = lineOf(form, file.name)
    if (file.size > form.dataset.limit) end(line, form.dataset.tooLarge, false)
    else queue = queue.then(() => send(form, file, line))
  }
}

function lineOf(form, name) {
  const [line, label, progress] = ['li', 'span', 'progress'].map(tag => document.createElement(tag))
  line.className = 'row'
  label.className = 'row__name'
  label.textContent = progress.ariaLabel = name
  progress.value = 0
  line.append(label, progress)
  form.querySelector('[data-uploads]').append(line)
  return line
}

function send(form, file, line) {
  return new Promise(resolve => {
    const request = new XMLHttpRequest()
    request.upload.onprogress = event => { line.querySelector('progress').value = event.loaded / event.total }
    request.onload = () => request.status < 400 ? end(line, form.dataset.sent, true) : end(line, sentenceOf(request.responseText) ?? form.dataset.lost, false)
    request.onerror = () => end(line, form.dataset.lost, false)
    request.onloadend = () => { resolve(); changed() }
    request.open('POST', form.action)
    request.setRequestHeader('X-CSRF', document.querySelector('meta[name=csrf]').content)
    request.setRequestHeader('HX-Request', 'true')
    const body = new FormData()
    body.append('files', file)
    request.send(body)
  })
}

// A refusal comes as it would be shown in the corner.
function sentenceOf(html) {
  return new DOMParser().parseFromString(html, 'text/html').querySelector('.toast p')?.firstChild.textContent.trim()
}

function end(line, sentence, good) {
  const badge = document.createElement('span')
  badge.className = good ? 'badge' : 'field__error'
  badge.textContent = sentence
  line.querySelector('progress').replaceWith(badge)
}

document.addEventListener('submit', event => {
  if (!event.target.matches('[data-upload]')) return
  event.preventDefault()
  const { files } = event.target.elements
  add(event.target, files.files)
  files.value = ''
})

const dropped = event => event.dataTransfer?.types.includes('Files') && event.target.closest?.('.card:has([data-upload])')?.querySelector('[data-upload]')

document.addEventListener('dragover', event => {
  const form = dropped(event)
  document.querySelector('[data-upload]')?.classList.toggle('is-over', Boolean(form))
  if (form) event.preventDefault()
})

document.addEventListener('drop', event => {
  const form = dropped(event)
  if (!form) return
  event.preventDefault()
  form.classList.remove('is-over')
  // A folder comes as an item that holds no bytes.
  add(form, [...event.dataTransfer.items].filter(item => item.webkitGetAsEntry?.()?.isFile ?? item.kind === 'file').map(item => item.getAsFile()))
})

document.addEventListener('visibilitychange', () => document.hidden || changed())

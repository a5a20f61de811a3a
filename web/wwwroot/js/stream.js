// The running answer. htmx's extension carries the connection; this decides when there is one, and puts in what comes.
// A tab has one stream at most, and none while nobody looks: browsers allow six connections to a host, all tabs together.
// Four may be streams; a tab that finds no place asks for the answer each second instead.

const places = 4
const pollPause = 1_000
const firstPause = 500
const longestPause = 8_000
const announcer = document.getElementById('announcer')
const running = () => document.querySelector('[aria-busy][data-url^="/"], #operation[data-url]')
const inert = { close() {}, addEventListener() {} }
let source
let leavePlace
let pause = firstPause
let announced

htmx.createEventSource = url => {
  source?.close()
  announced = 0
  if (document.hidden) return inert
  if (!leavePlace) {
    takePlace().then(() => running() && reload(running(), leavePlace ? 0 : pollPause))
    return inert
  }
  source = new EventSource(url)
  return source
}

async function takePlace() {
  for (let place = 0; place < places && !leavePlace; place++) {
    await new Promise(settled => navigator.locks.request(`stream-${place}`, { ifAvailable: true }, lock => {
      if (!lock || leavePlace) return settled()
      return new Promise(leave => {
        leavePlace = leave
        settled()
      })
    }))
  }
}

if (!document.hidden) takePlace()

document.addEventListener('htmx:sseBeforeMessage', event => {
  const take = { progress: takeProgress, reasoning: takeReasoning, block: takeBlocks, asks: takeAsks }[event.detail.type]
  if (!take) return
  event.preventDefault()
  pause = firstPause
  take(event.target, event.detail.data)
})

document.addEventListener('htmx:sseMessage', event => {
  if (event.detail.type === 'end' && !event.target.closest('#operation, #move')) announcer.textContent = announcer.dataset.done
})

// What had come before the stream began is part of the same answer.
document.addEventListener('htmx:load', event => {
  for (const element of event.target.querySelectorAll?.('[data-open]') ?? []) holdBack(element)
  if (event.target.matches?.('[data-omission]')) showOmission(event.target)
  if (event.target.matches?.('[data-line]')) showLine(event.target)
})

// Each turn says anew from where on the model reads, wherever in the chat that is.
function showOmission(template) {
  document.querySelector('.omitted')?.remove()
  document.getElementById(template.dataset.omission)?.before(template.content)
  template.remove()
}

// A short answer may end before the list of chats has its line.
function showLine(template) {
  const line = template.content.firstElementChild
  const before = document.getElementById(line.id)
  template.remove()
  if (!before) return htmx.trigger(document.body, 'conversations-changed')
  before.replaceWith(line)
  htmx.process(line)
}

// The end of an answer brings the title along; a name that is being typed stays.
document.addEventListener('htmx:oobBeforeSwap', event => {
  if (event.target.matches('.chat__title--editing')) event.detail.shouldSwap = false
})

document.addEventListener('htmx:sseError', event => {
  if (event.detail.source.readyState === EventSource.CLOSED) reload(event.target)
})

document.addEventListener('visibilitychange', () => {
  if (document.hidden) {
    source?.close()
    leavePlace?.()
    leavePlace = undefined
    const article = running()
    if (article?.matches('article')) import('./away.js').then(away => away.watch(article))
  } else {
    takePlace().then(() => running() && reload(running()))
  }
})

// What the server has now, with the place from which its stream goes on.
async function reload(article, wait = pause) {
  article.removeAttribute('sse-connect')
  await new Promise(done => setTimeout(done, wait))
  if (!article.isConnected || document.hidden) return
  if (wait === pause) pause = Math.min(pause * 2, longestPause)
  await htmx.ajax('GET', article.dataset.url, { source: article, target: article, swap: 'outerHTML' }).catch(() => {})
  if (article.isConnected) reload(article)
}

function takeProgress(article, data) {
  const [phase, text] = data.split('\n')
  const line = article.querySelector('[data-progress]')
  line.dataset.phase = phase
  line.querySelector('[data-progress-text]').textContent = text
}

function takeReasoning(article, data) {
  const end = data.indexOf('\n')
  const place = article.querySelector('[data-reasoning-text]')
  place.textContent = place.textContent.slice(0, Number(data.slice(0, end))) + data.slice(end + 1)
  article.querySelector('[data-reasoning]').hidden = false
}

function takeAsks(article, data) {
  const place = article.querySelector('[data-asks]')
  place.innerHTML = data
  htmx.process(place)
}

function takeBlocks(article, data) {
  const answer = article.querySelector('[data-answer]')
  const fragment = document.createElement('template')
  fragment.innerHTML = data
  for (const element of [...fragment.content.children]) {
    if (element.dataset.into) [...element.content.children].forEach(child => put(child, document.getElementById(element.dataset.into)))
    else put(element, answer)
  }
  announce(answer)
}

function put(element, parent) {
  if ('open' in element.dataset) holdBack(element)
  const before = document.getElementById(element.id)
  if (before?.open) element.open = true
  if (before) before.replaceWith(element)
  else parent?.append(element)
  if (!('open' in element.dataset)) element.dispatchEvent(new Event('calango:blocks', { bubbles: true }))
}

// The open end of an answer, cut where the reader wants it cut: after a word, or after a sentence.
const ends = { word: /\s(?=\S*$)/g, sentence: /[.!?…:;](?=["'”’)\]]*\s[^.!?…:;]*$)|\n(?=[^\n]*$)/g }

function holdBack(element) {
  const end = ends[document.documentElement.dataset.flow]
  if (!end) return
  const text = element.textContent.trimEnd()
  const last = [...text.matchAll(end)].at(-1)
  cut(element, last ? last.index + 1 : 0)
}

function cut(element, length) {
  const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  let left = length
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (left < node.data.length) node.data = node.data.slice(0, left)
    left = Math.max(0, left - node.data.length)
  }
}

// A screen reader hears whole sentences, not the patter of tokens.
function announce(answer) {
  const text = answer.textContent
  const end = Math.max(text.lastIndexOf('. '), text.lastIndexOf('! '), text.lastIndexOf('? '), text.lastIndexOf('\n'))
  if (end <= announced) return
  announcer.textContent = text.slice(announced, end + 1)
  announced = end + 1
}

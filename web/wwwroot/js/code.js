// Code blocks: copy, wrap, save, and colours for the ones that are seen.
import { isFinished, loadScript, whenSeen } from './blocks.js'
import { moreGrammars } from './grammars.js'

const doneFor = 2000
const longestHighlighted = 100_000

// Where a language's name is not what its files end with.
const extensions = { bash: 'sh', 'c++': 'cpp', 'c#': 'cs', csharp: 'cs', fsharp: 'fs', golang: 'go', haskell: 'hs', javascript: 'js', kotlin: 'kt', latex: 'tex', markdown: 'md', mermaid: 'mmd', perl: 'pl', powershell: 'ps1', python: 'py', ruby: 'rb', rust: 'rs', shell: 'sh', typescript: 'ts', zsh: 'sh' }

const colourWhenSeen = whenSeen(colour)

export function enhance(root) {
  for (const bar of root.querySelectorAll('.code__bar:not(:has([data-code-action=save]))')) {
    if (isFinished(bar)) bar.append(saveButton())
  }
  for (const code of root.querySelectorAll('.code code[class^="language-"]:not([data-coloured])')) {
    if (isFinished(code)) colourWhenSeen(code)
  }
}

document.addEventListener('click', event => {
  const button = event.target.closest?.('[data-code-action]')
  if (button?.dataset.codeAction === 'copy') copy(button)
  if (button?.dataset.codeAction === 'wrap') wrap(button)
  if (button?.dataset.codeAction === 'save') saveCode(button)
})

async function copy(button) {
  const code = button.closest('.code').querySelector('code')
  if (!await write(code)) return
  const label = button.getAttribute('aria-label')
  if (label === button.dataset.done) return
  button.setAttribute('aria-label', button.dataset.done)
  button.dataset.copied = ''
  say(button.dataset.done)
  setTimeout(() => {
    button.setAttribute('aria-label', label)
    delete button.dataset.copied
  }, doneFor)
}

async function write(code) {
  try {
    await navigator.clipboard.writeText(code.textContent)
    return true
  } catch {
    // No clipboard API on plain HTTP: copy what is selected instead.
    getSelection().selectAllChildren(code)
    const copied = document.execCommand('copy')
    getSelection().removeAllRanges()
    return copied
  }
}

function wrap(button) {
  const wrapped = button.closest('.code').classList.toggle('code--wrapped')
  button.setAttribute('aria-pressed', wrapped)
}

function saveButton() {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'code__button code__button--save'
  button.dataset.codeAction = 'save'
  button.title = document.body.dataset.saveCode
  button.setAttribute('aria-label', button.title)
  return button
}

function saveCode(button) {
  const code = button.closest('.code').querySelector('code')
  const language = code.className.match(/language-(\S+)/)?.[1] ?? ''
  save(code.textContent, 'text/plain', extensions[language] ?? (/^[a-z]\w{0,4}$/.test(language) ? language : 'txt'))
}

export function save(text, type, extension) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type }))
  link.download = `calango.${extension}`
  link.click()
  URL.revokeObjectURL(link.href)
}

let status

function say(text) {
  if (!status?.isConnected) {
    status = document.createElement('div')
    status.className = 'code-status'
    status.setAttribute('role', 'status')
    document.body.append(status)
  }
  status.textContent = ''
  requestAnimationFrame(() => { status.textContent = text })
}

async function colour(code) {
  const language = await grammar(code.className.match(/language-(\S+)/)[1])
  const text = code.textContent
  if (!language || text.length > longestHighlighted || !code.isConnected || !isFinished(code)) return
  code.dataset.coloured = ''
  const tokens = tokensOf(hljs.highlight(text, { language, ignoreIllegals: true }).value)
  const runs = code.children.length > 0 ? [...code.children] : [code]
  paint(runs, tokens)
}

async function grammar(name) {
  const library = document.body.dataset.libHighlight
  await loadScript(library)
  if (hljs.getLanguage(name)) return name
  if (!Object.hasOwn(moreGrammars, name)) return null
  await loadScript(new URL(`languages/${moreGrammars[name]}.min.js`, new URL(library, location.href)).href)
  return hljs.getLanguage(name) ? name : moreGrammars[name]
}

function tokensOf(html) {
  const template = document.createElement('template')
  template.innerHTML = html
  const walker = document.createTreeWalker(template.content, NodeFilter.SHOW_TEXT)
  const tokens = []
  while (walker.nextNode()) {
    tokens.push({ text: walker.currentNode.data, className: walker.currentNode.parentElement?.className ?? '' })
  }
  return tokens
}

// Each run of lines keeps its element and so its id: an update that comes once more still finds its place.
function paint(runs, tokens) {
  const rest = tokens.reverse()
  for (const run of runs) {
    let length = run.textContent.length
    const parts = []
    while (length > 0) {
      const { text, className } = rest.pop()
      parts.push(part(text.slice(0, length), className))
      if (text.length > length) rest.push({ text: text.slice(length), className })
      length -= Math.min(length, text.length)
    }
    run.replaceChildren(...parts)
  }
}

function part(text, className) {
  if (!className) return text
  const span = document.createElement('span')
  span.className = className
  span.textContent = text
  return span
}

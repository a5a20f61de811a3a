// Writes down what is said, by the browser's own speech recognition.

const Recognition = window.SpeechRecognition ?? window.webkitSpeechRecognition
const field = () => document.getElementById('composer-text')
let listening

export function toggle(button) {
  if (listening) return listening.stop()
  const before = field().value && `${field().value.trimEnd()} `
  listening = new Recognition()
  listening.lang = document.documentElement.lang
  listening.continuous = true
  listening.interimResults = true
  listening.onresult = event => write(before + [...event.results].map(result => result[0].transcript).join(''))
  listening.onerror = event => {
    if (event.error !== 'aborted' && event.error !== 'no-speech') complain(button.dataset.failed)
  }
  listening.onend = () => {
    listening = undefined
    button.setAttribute('aria-pressed', false)
    field()?.focus()
  }
  button.setAttribute('aria-pressed', true)
  listening.start()
}

function write(text) {
  field().value = text
  field().dispatchEvent(new Event('input', { bubbles: true }))
}

function complain(text) {
  const toast = document.getElementById('offline').content.cloneNode(true)
  toast.querySelector('p').textContent = text
  document.getElementById('toasts').append(toast)
}

document.addEventListener('htmx:beforeRequest', event => {
  if (event.detail.elt.id === 'composer') listening?.abort()
})

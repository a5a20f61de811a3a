// Reads an answer aloud in the browser's own voice, a sentence at a time: some voices fall silent in the middle of a long text.

let playing

export function toggle(button) {
  const before = playing
  stop()
  if (before?.button === button) return
  const sentences = sentencesOf(button.closest('.message').querySelector('[data-answer]'))
  playing = { button }
  button.setAttribute('aria-pressed', true)
  next(playing, sentences)
}

function next(mine, sentences) {
  if (playing !== mine) return
  const text = sentences.shift()
  if (!text || !mine.button.isConnected) return stop()
  const utterance = new SpeechSynthesisUtterance(text)
  utterance.lang = document.documentElement.lang
  utterance.onend = utterance.onerror = () => next(mine, sentences)
  speechSynthesis.speak(utterance)
}

function stop() {
  playing?.button.setAttribute('aria-pressed', false)
  playing = undefined
  speechSynthesis.cancel()
}

// Nobody wants code, formulas, the numbers of citations or the arguments of tools spelled out.
function sentencesOf(answer) {
  const copy = answer.cloneNode(true)
  for (const silent of copy.querySelectorAll('.code, .math, .cite, .tool-use')) silent.remove()
  for (const end of copy.querySelectorAll('li, td, th, p, h1, h2, h3, h4, h5, h6')) end.append('\n')
  return copy.textContent.split(/(?<=[.!?…])\s+|\n+/).map(text => text.trim()).filter(Boolean)
}

addEventListener('pagehide', stop)

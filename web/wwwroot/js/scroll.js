// The thread grows from below: at the end it stays at the end, and a reader who has scrolled up is left in peace.

const nearEnd = 60
const scroller = () => document.getElementById('scroll')
const jump = () => document.getElementById('jump')

// In a reversed column the end is 0 and everything above is negative.
const isAtEnd = () => Math.abs(scroller().scrollTop) < nearEnd

function toEnd(behavior = 'auto') {
  scroller()?.scrollTo({ top: 0, behavior })
}

document.addEventListener('scroll', event => {
  if (event.target === scroller()) jump().hidden = isAtEnd()
}, { capture: true, passive: true })

document.addEventListener('click', event => {
  if (event.target.closest('#jump')) toEnd('smooth')
})

document.addEventListener('htmx:afterRequest', event => {
  if (event.detail.requestConfig?.elt.id === 'composer' && event.detail.successful) toEnd()
})

if (location.hash.startsWith('#message-')) document.querySelector(location.hash)?.scrollIntoView({ block: 'center' })

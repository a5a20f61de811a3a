// A long text that was pasted: it is in the box, and may become a file instead. The offer goes when the text does.

const field = () => document.getElementById('composer-text')
const box = () => document.getElementById('composer-long')
let pasted

export function offer(text, attach) {
  // As a text area keeps it, and no more of it than that takes.
  pasted = text.replaceAll('\r\n', '\n').replaceAll('\r', '\n').slice(0, field().maxLength)
  box().hidden = !isThere()
  box().querySelector('button').onclick = () => {
    field().value = field().value.replace(pasted, () => '')
    field().dispatchEvent(new Event('input', { bubbles: true }))
    attach([new File([text], `${box().dataset.name} ${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.txt`, { type: 'text/plain' })])
    field().focus()
  }
}

const isThere = () => field().value.includes(pasted)

document.addEventListener('input', event => {
  if (event.target === field() && box() && !box().hidden) box().hidden = !isThere()
})

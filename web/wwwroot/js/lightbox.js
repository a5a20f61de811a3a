// A picture as large as the window, with those beside it a key away. The dialog's own keys close it, and focus goes back to
// the picture that was shown last.

const dialog = () => document.getElementById('lightbox')
let links = []
let shown = 0

export function show(link) {
  links = [...link.closest('.pictures').querySelectorAll('a[data-picture]')]
  const box = dialog()
  if (!box.dataset.ready) {
    box.dataset.ready = 'true'
    box.addEventListener('click', event => {
      const step = event.target.closest('[data-step]')
      if (step) turn(Number(step.dataset.step))
    })
    box.addEventListener('keydown', event => {
      if (event.key === 'ArrowLeft') turn(-1)
      else if (event.key === 'ArrowRight') turn(1)
    })
    box.addEventListener('close', () => links[shown]?.focus())
  }

  place(links.indexOf(link))
  box.showModal()
}

function turn(step) {
  place((shown + step + links.length) % links.length)
}

function place(index) {
  shown = index
  const [large, small] = [dialog().querySelector('img'), links[index].querySelector('img')]
  large.src = links[index].href
  large.alt = small.alt
  dialog().querySelector('p').textContent = links.length > 1 ? `${index + 1} / ${links.length}` : ''
  for (const button of dialog().querySelectorAll('[data-step]')) button.hidden = links.length < 2
}

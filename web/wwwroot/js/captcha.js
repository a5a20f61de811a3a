// Forms that ask for some work first: a worker begins it when the form is touched, so that it is mostly done when the form is sent.

// A challenge is good for ten minutes.
const lasts = 9 * 60 * 1000

const solve = async address => {
  const asked = await fetch(address)
  if (!asked.ok) throw new Error(`${asked.status}`)
  const challenge = await asked.json()
  const worker = new Worker(new URL('captcha-worker.js', import.meta.url), { type: 'module' })
  try {
    const number = await new Promise((found, failed) => {
      worker.onmessage = event => found(event.data)
      worker.onerror = failed
      worker.postMessage(challenge)
    })
    const { algorithm, challenge: hash, salt, signature } = challenge
    return btoa(JSON.stringify({ algorithm, challenge: hash, number, salt, signature }))
  } finally {
    worker.terminate()
  }
}

function watch(box) {
  const form = box.closest('form')
  const status = box.querySelector('[role=status]')
  let work
  let begun
  let sent = false

  const show = state => {
    for (const part of status.children) part.hidden = part.dataset.captchaState !== state
  }

  const begin = () => {
    if (work && performance.now() - begun < lasts) return work
    begun = performance.now()
    show('working')
    work = solve(box.dataset.captcha)
    work.then(answer => {
      box.querySelector('input').value = answer
      show('done')
    }, () => {
      work = undefined
      show('failed')
    })
    return work
  }

  form.addEventListener('input', () => void begin())
  form.addEventListener('pointerdown', () => void begin())
  form.addEventListener('submit', async event => {
    event.preventDefault()
    if (sent) return
    try {
      await begin()
    } catch {
      return
    }
    sent = true
    form.submit()
  })
  // A page that comes back has sent its answer already.
  addEventListener('pageshow', event => {
    if (event.persisted) {
      work = undefined
      sent = false
    }
  })
  status.hidden = false
}

for (const box of document.querySelectorAll('[data-captcha]')) watch(box)

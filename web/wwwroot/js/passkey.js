// Passkeys: the browser is asked for one, and what it answers goes back in a form. Without scripts, or where the browser knows no
// passkeys, the forms stay hidden.

async function answer({ action, dataset }) {
  if (dataset.passkey) return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(dataset.passkey)) })
  const asked = await fetch(action)
  if (!asked.ok) throw new Error(`${asked.status}`)
  return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(await asked.json()) })
}

document.addEventListener('submit', async event => {
  const form = event.target
  if (!form.matches('form[data-passkey]')) return
  event.preventDefault()
  const failed = form.querySelector('[data-passkey-failed]')
  failed.hidden = true
  try {
    form.elements.Answer.value = JSON.stringify(await answer(form))
  } catch {
    // Whoever closes the browser's question, or has no passkey, is told the same as everybody.
    failed.hidden = false
    return
  }
  form.submit()
})

if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const form of document.querySelectorAll('form[data-passkey]')) form.hidden = false
  for (const without of document.querySelectorAll('[data-passkey-none]')) without.hidden = true
}

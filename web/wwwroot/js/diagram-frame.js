// Runs in the sandboxed document /diagram: draws what the page above sends, and tells how tall it became.
const picture = document.getElementById('picture')
let last = 0

addEventListener('message', async event => {
  if (event.source !== parent || event.data?.type !== 'draw') return
  const { code, dark } = event.data
  const turn = ++last
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light'
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: dark ? 'dark' : 'default', maxTextSize: 50_000, suppressErrorRendering: true })
  try {
    const { svg } = await mermaid.render(`diagram-${turn}`, code)
    if (turn !== last) return
    picture.innerHTML = svg
    tell()
  } catch {
    parent.postMessage({ type: 'failed' }, '*')
  }
})

const tell = () => parent.postMessage({ type: 'drawn', height: Math.ceil(picture.getBoundingClientRect().height) }, '*')

new ResizeObserver(() => { if (picture.firstChild) tell() }).observe(picture)
parent.postMessage({ type: 'ready' }, '*')

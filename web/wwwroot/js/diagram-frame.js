// Runs in the sandboxed document /diagram: draws what the page above sends, and tells how tall it became.
const picture = document.getElementById('picture')
let last = 0

addEventListener('message', async event => {
  if (event.source !== parent || event.data?.type !== 'draw') return
  const { code, dark, colors } = event.data
  const turn = ++last
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light'
  mermaid.initialize({ startOnLoad: false, securityLevel: 'strict', theme: 'base', themeVariables: theme(dark, colors), maxTextSize: 50_000, suppressErrorRendering: true })
  try {
    const { svg } = await mermaid.render(`diagram-${turn}`, code)
    if (turn !== last) return
    picture.innerHTML = svg
    tell()
  } catch {
    parent.postMessage({ type: 'failed' }, '*')
  }
})

// Mermaid makes all its other colours from these.
const theme = (dark, colors) => ({
  darkMode: dark,
  background: colors.surface,
  primaryColor: colors['accent-tint'],
  primaryBorderColor: colors.accent,
  primaryTextColor: colors.ink,
  secondaryColor: colors['sun-tint'],
  secondaryTextColor: colors.ink,
  tertiaryColor: colors.tint,
  tertiaryTextColor: colors.ink,
  textColor: colors.ink,
  lineColor: colors['ink-muted'],
  edgeLabelBackground: colors.surface,
  noteBkgColor: colors['sun-tint'],
  noteTextColor: colors.ink,
})

const tell = () => parent.postMessage({ type: 'drawn', height: Math.ceil(picture.getBoundingClientRect().height) }, '*')

new ResizeObserver(() => { if (picture.firstChild) tell() }).observe(picture)
parent.postMessage({ type: 'ready' }, '*')

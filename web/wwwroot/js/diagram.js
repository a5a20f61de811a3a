// Mermaid diagrams. They are drawn in a sandboxed document of another origin, which gets the source and gives its height.
import { isFinished, whenSeen } from './blocks.js'

const tallest = 4000
const frames = new Map()
const drawWhenSeen = whenSeen(draw)

export function enhance(root) {
  for (const figure of root.querySelectorAll('.code[data-diagram]:not([data-drawn])')) {
    if (isFinished(figure)) drawWhenSeen(figure)
  }
}

function draw(figure) {
  if ('drawn' in figure.dataset) return
  figure.dataset.drawn = ''
  const frame = document.createElement('iframe')
  frame.className = 'code__diagram'
  frame.setAttribute('sandbox', 'allow-scripts')
  frame.title = figure.dataset.showDiagram
  frame.src = document.body.dataset.diagramUrl
  frames.set(frame, figure)
  figure.append(frame)
}

addEventListener('message', event => {
  for (const [frame, figure] of frames) {
    if (!frame.isConnected) frames.delete(frame)
    else if (event.source === frame.contentWindow) answer(frame, figure, event.data)
  }
})

function answer(frame, figure, message) {
  if (message?.type === 'ready') send(frame, figure)
  if (message?.type === 'failed') remove(frame)
  if (message?.type === 'drawn' && message.height > 0) {
    frame.style.height = `${Math.min(message.height, tallest)}px`
    if (!figure.querySelector('.code__toggle')) show(figure)
  }
}

function send(frame, figure) {
  // The frame's origin is opaque, so no origin can be named; only this window of ours gets it.
  frame.contentWindow.postMessage({ type: 'draw', code: figure.querySelector('code').textContent, dark: isDark(), colors: colors(figure) }, '*')
}

// The frame sees none of the page's styles, so it gets the colours as they are now.
const names = ['surface', 'tint', 'ink', 'ink-muted', 'accent', 'accent-tint', 'sun-tint']
const colors = figure => Object.fromEntries(names.map(name => [name, color(name, figure)]))

// An element for each: one that is coloured anew is still on its way from the colour before.
function color(name, figure) {
  const probe = figure.appendChild(document.createElement('span'))
  probe.style.color = `var(--color-${name})`
  const found = getComputedStyle(probe).color
  probe.remove()
  return found
}

// What cannot be drawn stays what it was: its source.
function remove(frame) {
  frames.delete(frame)
  frame.remove()
}

function show(figure) {
  const toggle = document.createElement('button')
  toggle.type = 'button'
  toggle.className = 'code__toggle'
  toggle.addEventListener('click', () => {
    figure.classList.toggle('code--drawn')
    label(toggle, figure)
  })
  figure.classList.add('code--drawn')
  label(toggle, figure)
  figure.querySelector('.code__language').after(toggle)
}

function label(toggle, figure) {
  toggle.textContent = figure.classList.contains('code--drawn') ? figure.dataset.showSource : figure.dataset.showDiagram
}

const isDark = () => {
  const [red, green, blue] = getComputedStyle(document.body).color.match(/[\d.]+/g).map(Number)
  return red + green + blue > 384
}

function redraw() {
  for (const [frame, figure] of frames) send(frame, figure)
}

new MutationObserver(redraw).observe(document.documentElement, { attributeFilter: ['data-theme', 'class'] })
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)

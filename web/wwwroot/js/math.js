// Formulas, set by KaTeX into the element that holds their TeX.
import { isFinished, loadScript } from './blocks.js'

export async function enhance(root) {
  const formulas = [...root.querySelectorAll('[data-math]:not([data-set])')].filter(isFinished)
  if (formulas.length === 0) return
  const { libKatex, libKatexCss } = document.body.dataset
  await Promise.all([loadStyle(libKatexCss), loadScript(libKatex)])
  formulas.forEach(set)
}

function set(formula) {
  if ('set' in formula.dataset) return
  const tex = formula.textContent
  formula.dataset.set = ''
  // The text is a stranger's: no links or classes of its own, and an end to macros that call themselves.
  katex.render(tex, formula, { displayMode: formula.dataset.math === 'display', throwOnError: false, trust: false, strict: 'ignore', maxExpand: 500, maxSize: 20 })
}

let style

function loadStyle(url) {
  style ??= new Promise(resolve => {
    const link = document.createElement('link')
    link.rel = 'stylesheet'
    link.href = url
    link.onload = link.onerror = resolve
    document.head.append(link)
  })
  return style
}

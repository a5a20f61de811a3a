// Formulas, code and diagrams in answers. This file is on every page; what it imports comes only where it is needed.
const behaviours = [
  ['.code', './code.js'],
  ['.table-frame', './table.js'],
  ['[data-math]', './math.js'],
  ['[data-diagram]', './diagram.js'],
]

function enhance(part) {
  // An update may bring no more than some lines of a code block: what it finishes is the block around them.
  const root = part.closest?.('.block') ?? part
  for (const [selector, file] of behaviours) {
    if (root.querySelector?.(selector)) import(file).then(behaviour => behaviour.enhance(root))
  }
}

document.addEventListener('htmx:load', event => enhance(event.detail.elt))
document.addEventListener('calango:blocks', event => enhance(event.target))
enhance(document)

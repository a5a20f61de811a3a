// Tables go to a spreadsheet: as CSV (RFC 4180), with a mark by which spreadsheets know UTF-8.
import { isFinished } from './blocks.js'
import { save } from './code.js'

export function enhance(root) {
  for (const frame of root.querySelectorAll('.table-frame:not(:has(+ .table-save))')) {
    if (isFinished(frame)) frame.after(button())
  }
}

function button() {
  const element = document.createElement('button')
  element.type = 'button'
  element.className = 'button button--quiet table-save'
  // Shown by the styles: as text it would be part of the answer, which is read out as it comes.
  element.dataset.label = document.body.dataset.saveTable
  element.setAttribute('aria-label', element.dataset.label)
  element.addEventListener('click', () => save('\ufeff' + csv(element.previousElementSibling), 'text/csv', 'csv'))
  return element
}

const csv = frame => [...frame.querySelectorAll('tr')].map(row => [...row.cells].map(cell).join(',') + '\r\n').join('')

// A cell that a spreadsheet would take for a formula begins with an apostrophe (OWASP, CSV injection).
function cell({ textContent }) {
  const text = textContent.trim().replace(/^(?=[=+@\t\r]|-(?![\d.]+$))/, "'")
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

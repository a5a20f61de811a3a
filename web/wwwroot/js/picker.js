// A list to choose from: what is typed narrows it, here or on the server, arrow keys walk through it, Enter chooses.

const active = 'is-active'
const options = picker => [...picker.querySelectorAll('[role=option]')].filter(option => !option.hidden)

function setActive(picker, option) {
  picker.querySelector(`.${active}`)?.classList.remove(active)
  option?.classList.add(active)
  option?.scrollIntoView({ block: 'nearest' })
  picker.querySelector('[data-picker-search]').setAttribute('aria-activedescendant', option?.id ?? '')
}

function filter(picker, query) {
  const words = query.toLowerCase().split(/\s+/)
  for (const option of picker.querySelectorAll('[role=option]')) {
    const name = option.textContent.toLowerCase() + option.closest('[data-picker-group]').ariaLabel.toLowerCase()
    option.hidden = !words.every(word => name.includes(word))
  }
  for (const group of picker.querySelectorAll('[data-picker-group]')) group.hidden = !group.querySelector('[role=option]:not([hidden])')
  picker.querySelector('[data-picker-none]').hidden = options(picker).length > 0
  setActive(picker, options(picker)[0])
}

document.addEventListener('input', event => {
  if (event.target.matches('[data-picker=""] [data-picker-search]')) filter(event.target.closest('[data-picker]'), event.target.value)
})

document.addEventListener('htmx:load', event => {
  const picker = event.target.closest?.('[data-picker]') ?? event.target.querySelector?.('[data-picker]')
  if (!picker) return
  picker.querySelectorAll('[role=option]').forEach((option, index) => { option.id = `picker-option-${index}` })
  // Who types fast has begun before the list is ready.
  const { value } = picker.querySelector('[data-picker-search]')
  if (value && !picker.dataset.picker) filter(picker, value)
  else setActive(picker, picker.querySelector('[aria-selected=true]') ?? options(picker)[0])
})

document.addEventListener('keydown', event => {
  if (!event.target.matches?.('[data-picker-search]')) return
  const picker = event.target.closest('[data-picker]')
  const all = options(picker)
  const at = all.findIndex(option => option.classList.contains(active))
  if (event.key === 'ArrowDown') setActive(picker, all[Math.min(at + 1, all.length - 1)])
  else if (event.key === 'ArrowUp') setActive(picker, all[Math.max(at - 1, 0)])
  else if (event.key === 'Enter') all[at]?.click()
  else return
  event.preventDefault()
})

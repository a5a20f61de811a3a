// What is needed where chats are put in order: their menus, and a row of boxes ticked at once.

const menu = document.getElementById('menu')
const margin = 8
const items = () => [...menu.querySelectorAll('[role=menuitem]')]
let opener

// The popover gives the focus back to what had it when it was opened.
export function openMenu(by) {
  opener = by
  opener.focus()
  menu.showPopover()
  opener.setAttribute('aria-expanded', 'true')
  const { left, right, top, bottom } = opener.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = menu
  menu.style.left = `${Math.max(margin, Math.min(right - width > margin ? right - width : left, innerWidth - width - margin))}px`
  menu.style.top = `${Math.max(margin, bottom + height + margin < innerHeight ? bottom : top - height)}px`
  items()[0]?.focus()
}

menu.addEventListener('toggle', event => {
  if (event.newState === 'closed') opener?.removeAttribute('aria-expanded')
})

menu.addEventListener('click', event => {
  if (event.target.closest('[role=menuitem]')) menu.hidePopover()
})

menu.addEventListener('keydown', event => {
  const all = items()
  const place = all.indexOf(document.activeElement)
  const next = { ArrowDown: all[place + 1] ?? all[0], ArrowUp: all[place - 1] ?? all.at(-1), Home: all[0], End: all.at(-1) }[event.key]
  if (event.key === 'Tab') menu.hidePopover()
  if (!next) return
  event.preventDefault()
  next.focus()
})

// Shift and a click tick all between the last box and this one.
let last
document.addEventListener('click', event => {
  const box = event.target.closest('[data-range]')
  if (!box) return
  const boxes = [...document.querySelectorAll('[data-range]')]
  const ends = [boxes.indexOf(last), boxes.indexOf(box)].sort((a, b) => a - b)
  if (event.shiftKey && ends[0] >= 0) for (const one of boxes.slice(ends[0], ends[1] + 1)) one.checked = box.checked
  last = box
})

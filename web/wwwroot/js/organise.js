// What is needed where chats are put in order: their menus, a row of boxes ticked at once, and dragging into folders.

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

// A chat, or a folder with all in it, goes where it is dropped: into a folder, above one, or out of any.
const list = document.getElementById('conversations')
const edge = .3
let dragged

list?.addEventListener('dragstart', event => {
  const row = event.target.closest?.('.folder__row')
  const link = event.target.closest?.('.conversation__link')
  dragged = row ? { folder: row.parentElement.dataset.folder } : link ? { chat: link.pathname.split('/').pop() } : undefined
  // Firefox drags only what has data.
  if (row) event.dataTransfer.setData('text/plain', row.textContent.trim())
})

list?.addEventListener('dragover', event => {
  if (!dragged) return
  event.preventDefault()
  mark(targetOf(event))
})

list?.addEventListener('dragleave', event => {
  if (!list.contains(event.relatedTarget)) mark()
})

document.addEventListener('dragend', () => {
  dragged = undefined
  mark()
})

list?.addEventListener('drop', event => {
  if (!dragged) return
  event.preventDefault()
  const { folder, above } = targetOf(event)
  const into = above ? parentOf(folder) : folder
  if (dragged.chat) move(`/chat/${dragged.chat}/folder`, { Folder: folder?.dataset.folder ?? '' })
  else if (dragged.folder !== folder?.dataset.folder) move(`/folders/${dragged.folder}/place`, { Parent: into?.dataset.folder ?? '', Before: above ? folder.dataset.folder : '' })
  dragged = undefined
  mark()
})

function targetOf(event) {
  const folder = event.target.closest('.folder')
  const row = event.target.closest('.folder__row')
  if (!folder || !row || dragged.chat) return { folder }
  const { top, height } = row.getBoundingClientRect()
  return { folder, above: event.clientY < top + height * edge }
}

function parentOf(folder) {
  return folder.parentElement.closest('.folder')
}

function mark({ folder, above } = {}) {
  for (const name of ['is-target', 'is-above']) list.querySelector(`.${name}`)?.classList.remove(name)
  folder?.querySelector('.folder__row').classList.add(above ? 'is-above' : 'is-target')
}

function move(url, values) {
  htmx.ajax('PUT', url, { target: '#toasts', swap: 'beforeend', values })
}

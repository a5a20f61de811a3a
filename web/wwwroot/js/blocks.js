// What still grows is left alone: the next update would replace it.
export const isFinished = element => !element.closest('.block')?.matches('[data-open], :has([data-open])')

// Runs once for an element, when it comes near the visible part of the page.
export function whenSeen(act) {
  const observer = new IntersectionObserver(entries => {
    for (const entry of entries.filter(entry => entry.isIntersecting)) {
      observer.unobserve(entry.target)
      act(entry.target)
    }
  }, { rootMargin: '400px' })
  return element => observer.observe(element)
}

const scripts = new Map()

// Loads a classic script once, however many ask for it. After a failure the next one may try again.
export function loadScript(url) {
  if (!scripts.has(url)) {
    scripts.set(url, new Promise((resolve, reject) => {
      const script = document.createElement('script')
      script.src = url
      script.onload = resolve
      script.onerror = () => {
        scripts.delete(url)
        reject(new Error(`${url} did not load`))
      }
      document.head.append(script)
    }))
  }
  return scripts.get(url)
}

// Copies the front-end libraries from node_modules to wwwroot/lib, as the pages ask for them:
// page.js is on every page; highlight, katex and mermaid are loaded by a page that shows code, formulas or diagrams.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { moreGrammars } from './wwwroot/js/grammars.js'

const modules = new URL('node_modules/', import.meta.url)
const lib = new URL('wwwroot/lib/', import.meta.url)

// A page may weigh 60 KB of script in all; our own files need the rest.
const pageBudget = 24 * 1024

rmSync(lib, { recursive: true, force: true })
writePage()
copyHighlight()
copyKatex()
copyMermaid()

function writePage() {
  const parts = ['htmx.org/dist/htmx.min.js', 'htmx-ext-sse/dist/sse.min.js', 'idiomorph/dist/idiomorph-ext.min.js']
  const page = parts.map(part => readFileSync(new URL(part, modules), 'utf8').trim()).join(';\n')
  const weight = gzipSync(page, { level: 9 }).length
  if (weight > pageBudget) throw new Error(`page.js weighs ${weight} bytes compressed, more than ${pageBudget}`)
  mkdirSync(lib, { recursive: true })
  writeFileSync(new URL('page.js', lib), page)
}

function copyHighlight() {
  copy('@highlightjs/cdn-assets/', 'highlight/', ['highlight.min.js', 'LICENSE'])
  const languages = [...new Set(Object.values(moreGrammars))].map(name => `${name}.min.js`)
  copy('@highlightjs/cdn-assets/languages/', 'highlight/languages/', languages)
  copy('@highlightjs/cdn-assets/styles/', 'highlight/', ['github.min.css', 'github-dark.min.css'])
}

function copyKatex() {
  copy('katex/', 'katex/', ['LICENSE'])
  copy('katex/dist/', 'katex/', ['katex.min.js'])
  // Every browser that htmx 2 runs in reads woff2; the older formats would only be named in vain.
  const css = readFileSync(new URL('katex/dist/katex.min.css', modules), 'utf8')
  writeFileSync(new URL('katex/katex.min.css', lib), css.replaceAll(/,url\([^)]+\) format\("(woff|truetype)"\)/g, ''))
  const fonts = readdirSync(new URL('katex/dist/fonts/', modules)).filter(file => file.endsWith('.woff2'))
  copy('katex/dist/fonts/', 'katex/fonts/', fonts)
}

function copyMermaid() {
  copy('mermaid/', 'mermaid/', ['LICENSE'])
  copy('mermaid/dist/', 'mermaid/', ['mermaid.min.js'])
}

function copy(from, to, files) {
  for (const file of files) cpSync(new URL(from + file, modules), new URL(to + file, lib))
}

// Puts the styles of all components into one file, base.css first because the others use its variables.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const budget = 25 * 1024
const folder = new URL('wwwroot/css/', import.meta.url)
const files = readdirSync(folder).filter(file => file.endsWith('.css')).sort((a, b) => (b === 'base.css') - (a === 'base.css') || a.localeCompare(b))
const css = files.map(file => readFileSync(new URL(file, folder), 'utf8')).join('\n').replaceAll(/\/\*[^]*?\*\/\s*/g, '').replaceAll(/\n\s+/g, '\n')
const weight = gzipSync(css, { level: 9 }).length
if (weight > budget) throw new Error(`app.css weighs ${weight} bytes compressed, more than ${budget}`)
writeFileSync(new URL('wwwroot/app.css', import.meta.url), css)

// Looks for the number that follows the salt in the text of a hash. SHA-256 is written out (FIPS 180-4): crypto.subtle waits for each
// hash by itself, and is not there at all over plain http.

const primes = []
for (let candidate = 2; primes.length < 64; candidate++) if (primes.every(prime => candidate % prime)) primes.push(candidate)
const fraction = root => (root - Math.floor(root)) * 2 ** 32
const rounds = Int32Array.from(primes, prime => fraction(Math.cbrt(prime)))
const begin = Int32Array.from(primes.slice(0, 8), prime => fraction(Math.sqrt(prime)))
const words = new Int32Array(64)
const state = new Int32Array(8)

const turn = (word, by) => (word >>> by) | (word << (32 - by))

function mix(block) {
  for (let at = 0; at < 16; at++) words[at] = block.getInt32(at * 4)
  for (let at = 16; at < 64; at++) {
    const [early, late] = [words[at - 15], words[at - 2]]
    words[at] = words[at - 16] + words[at - 7] + (turn(early, 7) ^ turn(early, 18) ^ (early >>> 3)) + (turn(late, 17) ^ turn(late, 19) ^ (late >>> 10))
  }
  let [a, b, c, d, e, f, g, h] = state
  for (let at = 0; at < 64; at++) {
    const first = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + rounds[at] + words[at]) | 0
    const second = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  state[0] += a
  state[1] += b
  state[2] += c
  state[3] += d
  state[4] += e
  state[5] += f
  state[6] += g
  state[7] += h
}

function hash(text) {
  const bytes = new Uint8Array((((text.length + 8) >> 6) + 1) * 64)
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at)
  bytes[text.length] = 0x80
  const view = new DataView(bytes.buffer)
  view.setUint32(bytes.length - 4, text.length * 8)
  state.set(begin)
  for (let at = 0; at < bytes.length; at += 64) mix(new DataView(bytes.buffer, at, 64))
}

onmessage = ({ data: { challenge, salt, maxnumber } }) => {
  const wanted = Int32Array.from({ length: 8 }, (_, at) => Number.parseInt(challenge.slice(at * 8, at * 8 + 8), 16))
  for (let number = 0; number <= maxnumber; number++) {
    hash(salt + number)
    if (state.every((word, at) => word === wanted[at])) return postMessage(number)
  }
  throw new Error('No number fits.')
}

// Reads values from standard input, each behind its length (u32, little-endian). For each a line: "-" refused, "+" read but not comparable
// (floats, maps, integers beyond 2^53, extensions), otherwise what @msgpack/msgpack writes for it, in hexadecimal.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const { decode, encode } = createRequire(process.argv[2])('@msgpack/msgpack')
const input = readFileSync(0)

/** The value with its 64-bit integers as numbers; undefined where that would lose something. */
function plain(value) {
  if (typeof value === 'bigint') return value > -(2n ** 53n) && value < 2n ** 53n ? Number(value) : undefined
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0) ? value : undefined
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  if (!Array.isArray(value)) return undefined
  const items = value.map(plain)
  return items.includes(undefined) ? undefined : items
}

function answer(bytes) {
  let value
  try {
    value = decode(bytes, { useBigInt64: true })
  } catch {
    return '-'
  }
  try {
    const comparable = plain(value)
    return comparable === undefined ? '+' : Buffer.from(encode(comparable)).toString('hex')
  } catch {
    return '+' // too deep for a recursion, or for its writer
  }
}

const lines = []
for (let at = 0; at < input.length; ) {
  const length = input.readUInt32LE(at)
  lines.push(answer(input.subarray(at + 4, at + 4 + length)))
  at += 4 + length
}
process.stdout.write(`${lines.join('\n')}\n`)

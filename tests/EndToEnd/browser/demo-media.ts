import { crc32, deflateSync } from 'node:zlib'

// What the demo day's people show, say and film, made of arithmetic: no picture of a real person or place is stored here.

type Colour = readonly [number, number, number]
/** Colour at a place, both from 0 to 1. */
type Paint = (x: number, y: number) => Colour

const mix = (a: Colour, b: Colour, part: number): Colour => {
  const t = Math.min(1, Math.max(0, part))
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t]
}
const isIn = (x: number, y: number, centreX: number, centreY: number, width: number, height: number) =>
  ((x - centreX) / width) ** 2 + ((y - centreY) / height) ** 2 < 1

const shore = 0.56
const shoreLine = (x: number) => shore - 0.12 - 0.05 * Math.sin(x * 5 + 1) - 0.02 * Math.sin(x * 17)

const land: Paint = (x, y) => {
  if (y > shoreLine(x)) return mix([62, 92, 96], [28, 52, 62], (y - shoreLine(x)) / 0.16)
  if (isIn(x, y, 0.68, 0.3, 0.045, 0.065)) return [255, 240, 205]
  return mix([104, 148, 190], [250, 206, 160], y / shore)
}

/** A lake with hills behind it and a jetty, early. */
export const lake: Paint = (x, y) => {
  if (y < shore) return land(x, y)
  const depth = (y - shore) / (1 - shore)
  if (Math.abs(x - 0.3 + depth * 0.08) < 0.02 + depth * 0.1) return mix([120, 94, 72], [86, 64, 50], Math.sin(depth * 60) + 0.4)
  const mirrored = land(x + 0.012 * Math.sin(y * 150), Math.max(0, shore - (y - shore) * 1.1))
  return mix(mirrored, [38, 70, 92], 0.3 + depth * 0.35)
}

/** Somebody from the shoulders up; `sway` is how far they have leaned to a side. */
export const portrait = (wall: Colour, coat: Colour, skin: Colour, hair: Colour, sway = 0): Paint => (x, y) => {
  if (isIn(x, y, 0.5 + sway, 0.43, 0.14, 0.19) && y > 0.33) return skin
  if (isIn(x, y, 0.5 + sway, 0.38, 0.17, 0.2) && y < 0.5) return hair
  if (isIn(x, y, 0.5 + sway / 2, 1, 0.34, 0.36)) return mix(coat, [0, 0, 0], (y - 0.64) * 0.6)
  if (isIn(x, y, 0.5 + sway, 0.6, 0.07, 0.12)) return mix(skin, [0, 0, 0], 0.15)
  return mix(mix(wall, [255, 255, 255], 0.35), wall, (x + y) / 1.6)
}

function pixels(width: number, height: number, paint: Paint, put: (x: number, y: number, colour: Colour) => void): void {
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) put(x, y, paint((x + 0.5) / width, (y + 0.5) / height))
}

const blobOf = (...parts: readonly Buffer[]) => new Blob([new Uint8Array(Buffer.concat(parts))])

function chunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const framed = Buffer.alloc(named.length + 8)
  framed.writeUInt32BE(body.length)
  named.copy(framed, 4)
  framed.writeUInt32BE(crc32(named), named.length + 4)
  return framed
}

/** PNG (ISO 15948) of 8 bits for each of red, green and blue. */
export function png(width: number, height: number, paint: Paint): Blob {
  const head = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0])
  head.writeUInt32BE(width)
  head.writeUInt32BE(height, 4)
  const rows = Buffer.alloc(height * (1 + width * 3)) // a row begins with its filter, none
  pixels(width, height, paint, (x, y, colour) => rows.set(colour.map(Math.round), y * (1 + width * 3) + 1 + x * 3))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return blobOf(signature, chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0)))
}

/** What a camera sees, as Chromium plays it again and again in place of one: YUV4MPEG2, 4:2:0. */
export function film(width: number, height: number, frames: number, paintAt: (part: number) => Paint): Buffer {
  const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`)]
  for (let i = 0; i < frames; i++) {
    const [luma, blue, red] = [Buffer.alloc(width * height), Buffer.alloc((width * height) / 4), Buffer.alloc((width * height) / 4)]
    pixels(width, height, paintAt(i / frames), (x, y, [r, g, b]) => {
      const bright = 0.299 * r + 0.587 * g + 0.114 * b
      luma[y * width + x] = Math.round(bright)
      if (x % 2 === 1 || y % 2 === 1) return
      const at = ((y / 2) * width) / 2 + x / 2
      blue[at] = Math.round(128 + (b - bright) * 0.564)
      red[at] = Math.round(128 + (r - bright) * 0.713)
    })
    parts.push(Buffer.from('FRAME\n'), luma, blue, red)
  }
  return Buffer.concat(parts)
}

/** How loud somebody is who speaks, from 0 to 1. */
const loudness = (seconds: number) => Math.abs(Math.sin(seconds * 7) * Math.sin(seconds * 2.3 + 1) * (0.6 + 0.4 * Math.sin(seconds * 0.9)))

/** A hum that is as loud as speech: a WAV file of 8 bits, 8,000 times a second, and its loudness as a message shows it. */
export function hum(seconds: number): { readonly file: Blob; readonly waveform: readonly number[] } {
  const rate = 8_000
  const sound = Buffer.alloc(seconds * rate)
  for (let i = 0; i < sound.length; i++) sound[i] = Math.round(128 + 60 * loudness(i / rate) * Math.sin((i / rate) * 2 * Math.PI * 160))
  const head = Buffer.alloc(44)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(36 + sound.length, 4)
  head.write('WAVEfmt ', 8, 'latin1')
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20) // PCM
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate, 28)
  head.writeUInt16LE(1, 32)
  head.writeUInt16LE(8, 34)
  head.write('data', 36, 'latin1')
  head.writeUInt32LE(sound.length, 40)
  return { file: blobOf(head, sound), waveform: Array.from({ length: 64 }, (_, i) => Math.round(255 * loudness((i * seconds) / 64))) }
}

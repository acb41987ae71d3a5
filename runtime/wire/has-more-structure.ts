import { HashSet, scatter } from './hash-set.js'
import { MAX_REQUEST_BYTES } from './limits.js'

const QUOTE = 0x22
const COMMA = 0x2c
const ZERO = 0x30
const NINE = 0x39
const OPENING_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d

/** From so many members on V8 keeps an object as a dictionary, which has no shape. */
const MAX_SHAPED_MEMBERS = 127

/** A new key, a new shape, or a table of integers weighs as much as so many arrays or objects. */
const KEY_WEIGHT = 4

/** An integer that V8 takes for one has at most so many digits. */
const MAX_INTEGER_DIGITS = 10

/** What each escape of a digit begins with, and six others. */
const DIGIT_ESCAPE = Buffer.from('\\u003')

/** What is open at a level: an array, an object, or one that had an integer for a key. */
const ARRAY = 0
const OBJECT = 1
const TABLE = 2

/** Up to how many bytes of a text are looked at one by one: the search for its end is worth its while from there on. */
const MAX_SHORT_BYTES = 64

/** What is needed again for each text: a fresh one would have to be cleared as well, by the system, page by page. */
let scratch: { readonly bytes: Buffer; readonly known: HashSet } | undefined

/**
 * Whether a JSON text has more structure than `maxStructure`: found in the text, before anything is built of it. Of a text that is no
 * JSON it counts what a parser reads before it finds that out.
 *
 * The structure of a text is what takes a parser time besides its length. V8 looks each key up among all it has seen, and makes a hidden
 * class for each member that follows other members than before, or stands in an object of another size: `{"a":0,"b":0}` and
 * `{"b":0,"a":0}` have four between them. So each key counts one that is not written as one before, each member one that gives its object a
 * shape that is new, and four arrays or objects one. 1 MiB could hold 120,000 keys, 160,000 shapes or 520,000 arrays: each
 * takes Node 20 60 ms and more. An integer is no member of a shape, but stands in a table that each object has for itself: so an object
 * that has one for a key, wherever it stands and however it is written, counts one more.
 *
 * @param levels How many levels the text has at most.
 */
export function hasMoreStructure(text: string, levels: number, maxStructure: number): boolean {
  scratch ??= { bytes: Buffer.allocUnsafeSlow(MAX_REQUEST_BYTES), known: new HashSet() }
  const { known } = scratch
  const { seed, factor } = known
  known.clear()
  const bytes = encode(text, scratch.bytes)
  const kinds = new Uint8Array(levels + 1)
  const members = new Int32Array(levels + 1)
  const hashes = new Int32Array((levels + 1) * MAX_SHAPED_MEMBERS)
  let depth = 0
  let left = maxStructure * KEY_WEIGHT
  let isKeyNext = false

  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] as number
    // Digits, dots and colons.
    if (byte > COMMA && byte < OPENING_BRACKET) continue
    if (byte === QUOTE) {
      if (isKeyNext) {
        isKeyNext = false
        const member = members[depth] as number
        if (kinds[depth] === OBJECT && isInteger(bytes, at + 1)) {
          kinds[depth] = TABLE
          left -= KEY_WEIGHT
        }
        let hash = seed
        for (at++; at < bytes.length && bytes[at] !== QUOTE; at++) {
          hash = (Math.imul(hash, factor) + (bytes[at] as number)) | 0
          if (bytes[at] === BACKSLASH) hash = (Math.imul(hash, factor) + (bytes[++at] ?? 0)) | 0
        }
        hash = scatter(hash)
        if (member < MAX_SHAPED_MEMBERS) hashes[depth * MAX_SHAPED_MEMBERS + member] = hash
        else if (known.add(hash)) left -= KEY_WEIGHT
        members[depth] = member + 1
      } else at = findClosingQuote(bytes, at + 1)
    } else if (byte === COMMA) {
      isKeyNext = kinds[depth] !== ARRAY
    } else if (byte === OPENING_BRACE || byte === OPENING_BRACKET) {
      depth++
      kinds[depth] = byte === OPENING_BRACE ? OBJECT : ARRAY
      isKeyNext = byte === OPENING_BRACE
      members[depth] = 0
      left--
    } else if (byte === CLOSING_BRACE || byte === CLOSING_BRACKET) {
      if (depth === 0) return false
      const count = members[depth] as number
      if (count > 0) left -= KEY_WEIGHT * countNew(known, hashes, depth * MAX_SHAPED_MEMBERS, count)
      depth--
      isKeyNext = false
    } else continue
    if (left < 0) return true
  }
  return false
}

function encode(text: string, buffer: Buffer): Buffer {
  // UTF-8 has at most three bytes for each unit of UTF-16.
  const isShort = text.length * 3 <= buffer.length || Buffer.byteLength(text) <= buffer.length
  return isShort ? buffer.subarray(0, buffer.write(text)) : Buffer.from(text)
}

/**
 * Whether a key is an integer, but for 0, whose table has one place. What begins as one and goes on with an escape that may be a digit is
 * taken for one.
 */
function isInteger(bytes: Buffer, from: number): boolean {
  if (bytes[from] === ZERO) return false
  let at = from
  while (isDigit(bytes[at]) && at - from < MAX_INTEGER_DIGITS) at++
  return bytes[at] === BACKSLASH ? mayBeDigit(bytes, at) : at > from && bytes[at] === QUOTE
}

function mayBeDigit(bytes: Buffer, from: number): boolean {
  for (let at = 0; at < DIGIT_ESCAPE.length; at++) if (bytes[from + at] !== DIGIT_ESCAPE[at]) return false
  return true
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE
}

/** How much is new of the first keys of an object, and of the shapes that its members give it. Its size is a part of each shape. */
function countNew(known: HashSet, hashes: Int32Array, from: number, count: number): number {
  const end = from + Math.min(count, MAX_SHAPED_MEMBERS)
  const { factor } = known
  let shape = ~count
  for (let at = from; at < end; at++) shape = (Math.imul(shape, factor) + (hashes[at] as number)) | 0
  // Whoever has the shape of an object before has all its keys, and all shapes on the way to it: so it is with most of a list.
  if (!known.add(shape)) return 0
  let added = 0
  shape = ~count
  for (let at = from; at < end; at++) {
    const hash = hashes[at] as number
    shape = (Math.imul(shape, factor) + hash) | 0
    if (known.add(hash)) added++
    if (count <= MAX_SHAPED_MEMBERS && (at === end - 1 || known.add(shape))) added++
  }
  return added
}

function findClosingQuote(bytes: Buffer, from: number): number {
  const stop = Math.min(from + MAX_SHORT_BYTES, bytes.length)
  let at = from
  for (; at < stop; at++) {
    if (bytes[at] === QUOTE) return at
    if (bytes[at] === BACKSLASH) at++
  }
  // What follows the last backslash was passed: where it is a quote, it is none that closes.
  for (at = bytes.indexOf(QUOTE, at); at !== -1; at = bytes.indexOf(QUOTE, at + 1)) {
    if (!isEscaped(bytes, at, from)) return at
  }
  return bytes.length
}

function isEscaped(bytes: Buffer, at: number, from: number): boolean {
  let first = at
  while (first > from && bytes[first - 1] === BACKSLASH) first--
  return (at - first) % 2 === 1
}

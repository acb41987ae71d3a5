import type { Msg } from './load-nats.js'

/** What headers begin with that have no status, and what all end with. */
const BEGIN = 'NATS/1.0\r\n'
const END = '\r\n\r\n'

/** Headers are longer only where they are of one call alone. */
const MAX_KNOWN_BYTES = 512

/** As many as callers that call in turns. */
const MAX_KNOWN = 256

type Headers = ReadonlyMap<string, string>

/** Headers that came, by their text: most calls of one caller have the same, and the client of NATS takes long to read them. */
const known = new Map<string, Headers>()

/**
 * The headers of a message, by their names in lower case; undefined where it has none. Of one that stands more than once, all values. Messages
 * with the same may share one object.
 */
export function readHeaders(message: Msg): Headers | undefined {
  const text = findText(message.data)
  if (text === undefined) return message.headers && collect(message.headers)
  const before = known.get(text)
  if (before !== undefined) return before
  if (!/^[\r\n\x20-\x7e]+$/.test(text)) return message.headers && collect(message.headers)
  const headers = collect(splitLines(text))
  if (known.size >= MAX_KNOWN) known.clear()
  known.set(text, headers)
  return headers
}

/** Headers stand right before the data, in one buffer with them. Undefined where they do not: the client of NATS knows them too. */
function findText({ buffer, byteOffset }: Uint8Array): string | undefined {
  const start = Math.max(0, byteOffset - MAX_KNOWN_BYTES)
  const bytes = Buffer.from(buffer, start, byteOffset - start)
  // The line before the data of a message without headers ends with a number.
  if (bytes.at(-1) !== 0x0a || bytes.at(-3) !== 0x0a) return undefined
  const text = bytes.toString('latin1')
  const at = text.lastIndexOf(BEGIN)
  // Those of a message before it in the same buffer end earlier.
  const isWhole = at !== -1 && text.indexOf(END, at) === text.length - END.length
  return isWhole ? text.slice(at) : undefined
}

function* splitLines(text: string): Iterable<[string, string[]]> {
  for (const line of text.slice(BEGIN.length, -END.length).split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) yield [line.slice(0, colon), [line.slice(colon + 1).trim()]]
  }
}

function collect(fields: Iterable<[string, string[]]>): Headers {
  const all = new Map<string, string>()
  for (const [name, values] of fields) {
    const key = name.toLowerCase()
    const before = all.get(key)
    const value = values.join(',')
    all.set(key, before === undefined ? value : `${before},${value}`)
  }
  return all
}

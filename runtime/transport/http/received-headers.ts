/** What a header is to a peer: one that decides may stand only once, one whose value is a list may be cut into several, others are left. */
type Kind = 'single' | 'list' | 'other'

interface Known {
  readonly name: string
  readonly kind: Kind
}

/** The headers that are read, and those that clients of all kinds send with them. */
const KNOWN: readonly (readonly [name: string, kind: Kind])[] = [
  ['host', 'single'],
  ['origin', 'single'],
  ['sec-fetch-site', 'single'],
  ['content-type', 'single'],
  ['content-encoding', 'single'],
  ['content-length', 'single'],
  ['authorization', 'single'],
  ['sec-websocket-protocol', 'single'],
  ['upgrade', 'single'],
  ['netgen-target', 'single'],
  ['netgen-caller', 'single'],
  ['netgen-caller-group', 'single'],
  ['netgen-timeout-ms', 'single'],
  ['netgen-call-id', 'single'],
  ['netgen-metadata', 'single'],
  ['traceparent', 'single'],
  ['tracestate', 'list'],
  ['baggage', 'list'],
  ['accept', 'other'],
  ['connection', 'other'],
  ['expect', 'other'],
  ['user-agent', 'other'],
]

/** By the length of the name: comparing two or three costs less than the hash of a text that was never seen before. */
const BY_LENGTH: readonly (readonly Known[])[] = Array.from({ length: 24 }, (_, length) =>
  KNOWN.filter(([name]) => name.length === length).map(([name, kind]) => ({ name, kind })),
)

/** Nothing is found in it but what was put there, whatever became of Object.prototype. */
class Values {
  [name: string]: string

  static {
    Object.setPrototypeOf(this.prototype, null)
  }
}

/** The known headers of one request, by their names in lower case. */
export class ReceivedHeaders {
  /** How many headers there are, unknown ones too. */
  readonly count: number
  /** One that decides, and stands more than once. */
  readonly repeated: string | undefined
  /** All headers, where each is known and stands once; undefined otherwise. */
  readonly whole: Values | undefined
  readonly #values: Values

  /** `raw`: names and values in turn, none merged and none dropped. */
  constructor(raw: readonly string[]) {
    const values = new Values()
    let isWhole = true
    let repeated: string | undefined
    for (let index = 0; index < raw.length; index += 2) {
      const known = findKnown(raw[index] ?? '')
      if (known === undefined) {
        isWhole = false
        continue
      }
      const { name, kind } = known
      const value = raw[index + 1] ?? ''
      const before = values[name]
      if (before === undefined) {
        values[name] = value
        continue
      }
      isWhole = false
      if (kind === 'single') repeated ??= name
      else if (kind === 'list') values[name] = `${before},${value}`
    }
    this.count = raw.length / 2
    this.repeated = repeated
    this.whole = isWhole ? values : undefined
    this.#values = values
  }

  get(name: string): string | undefined {
    return this.#values[name]
  }
}

function findKnown(name: string): Known | undefined {
  const candidates = BY_LENGTH[name.length]
  if (candidates === undefined || candidates.length === 0) return undefined
  return findNamed(candidates, name) ?? findNamed(candidates, name.toLowerCase())
}

function findNamed(candidates: readonly Known[], name: string): Known | undefined {
  for (const known of candidates) if (known.name === name) return known
  return undefined
}

import { printValue } from '../errors/print-value.js'
import { CodecError } from './codec-error.js'
import { hasShortHost, MAX_HOST_LENGTH, readUrl } from './read-url.js'

/** A type that travels as a text. */
interface ScalarCodec {
  /** Whether a value is of the application's type. */
  is(value: unknown): boolean
  /** In words, after "expected". */
  readonly expected: string
  encode(value: never, pointer: string): string
  decode(text: string, pointer: string): unknown
}

const SHORT_HOST = `a host of at most ${MAX_HOST_LENGTH} characters`

/** The types that travel as texts, by the names that plans call them by. */
export const SCALAR_CODECS: Readonly<Record<'date' | 'bigint' | 'bytes' | 'url', ScalarCodec>> = {
  /** RFC 3339, in UTC, to the millisecond. Years before 0000 and after 9999 have no such text. */
  date: {
    is: (value) => value instanceof Date,
    expected: 'a Date',
    encode: (date: Date, pointer) => {
      const timeMs = date.getTime()
      if (Number.isNaN(timeMs)) throw new CodecError(pointer, 'is an invalid Date')
      const text = date.toISOString()
      if (text.length !== 24) throw new CodecError(pointer, `is ${printValue(text)}, expected a year from 0000 to 9999`)
      return text
    },
    decode: (text, pointer) => {
      const date = new Date(text)
      // The schema has checked the format; a leap second passes it and is no time of JavaScript's.
      if (Number.isNaN(date.getTime())) throw new CodecError(pointer, `is ${printValue(text)}, which is no time`)
      return date
    },
  },
  /** Decimal digits, a minus sign before negative ones. */
  bigint: {
    is: (value) => typeof value === 'bigint',
    expected: 'a bigint',
    encode: (value: bigint) => value.toString(),
    decode: (text) => BigInt(text),
  },
  /** Base64 with padding (RFC 4648, section 4). */
  bytes: {
    is: (value) => value instanceof Uint8Array,
    expected: 'a Uint8Array',
    encode: (bytes: Uint8Array) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'),
    decode: (text, pointer) => {
      const bytes = Buffer.from(text, 'base64')
      // Buffer skips what is not base64, and takes spare bits: both would be values changed in silence.
      if (bytes.toString('base64') !== text) throw new CodecError(pointer, 'is no base64')
      // A plain array: a Buffer would share its pool's memory, and prints and compares in another way.
      return new Uint8Array(bytes)
    },
  },
  /** The URL standard's serialisation. */
  url: {
    is: (value) => value instanceof URL,
    expected: 'a URL',
    encode: (url: URL, pointer) => {
      if (hasShortHost(url)) return url.href
      throw new CodecError(pointer, `is ${printValue(url.href)}, expected ${SHORT_HOST}`)
    },
    decode: (text, pointer) => {
      const url = readUrl(text)
      if (url === undefined)
        throw new CodecError(pointer, `is ${printValue(text)}, expected an absolute URL with ${SHORT_HOST}`)
      return url
    },
  },
}

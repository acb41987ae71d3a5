import { decodeJson, decodeUtf8, MalformedJsonError } from '../wire/decode-json.js'

/** What of a call's metadata has a header of its own (W3C Trace Context and W3C Baggage), so that others can read it on the way. */
const STANDARD: readonly string[] = ['traceparent', 'tracestate', 'baggage']

/** All else: base64url of a JSON object of texts, since a header holds neither line breaks nor most characters. */
const HEADER = 'netgen-metadata'

/** What arrives as it was sent: printable ASCII without blanks around it. */
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/

/** Headers by their names in lower case. */
export type Headers = Pick<ReadonlyMap<string, string>, 'get'>

/** Metadata as the headers of a request: names and values in turn. */
export function writeMetadata(metadata: Readonly<Record<string, string>>): string[] {
  const entries = Object.entries(metadata)
  const isStandard = ([name, value]: [string, string]): boolean => STANDARD.includes(name) && PLAIN.test(value)
  const rest = entries.filter((entry) => !isStandard(entry))
  const headers = entries.filter(isStandard).flat()
  if (rest.length > 0) headers.push(HEADER, Buffer.from(JSON.stringify(Object.fromEntries(rest))).toString('base64url'))
  return headers
}

/** The metadata that the headers of a request hold, undefined where they have none. It is not checked yet, and may be no object. */
export function readMetadata(headers: Headers): unknown {
  const encoded = headers.get(HEADER)
  if (encoded === undefined && !hasStandard(headers)) return undefined
  const names = STANDARD.filter((name) => headers.get(name) !== undefined)
  const rest = encoded === undefined ? {} : decode(encoded)
  if (typeof rest !== 'object' || rest === null || Array.isArray(rest)) return rest
  return { ...Object.fromEntries(names.map((name) => [name, headers.get(name)])), ...rest }
}

function hasStandard(headers: Headers): boolean {
  for (const name of STANDARD) if (headers.get(name) !== undefined) return true
  return false
}

/** What the text holds; where it is none of netgen's, the text itself, which is no object. */
function decode(encoded: string): unknown {
  const bytes = Buffer.from(encoded, 'base64url')
  // Buffer skips what is not base64url.
  if (bytes.toString('base64url') !== encoded) return encoded
  try {
    return decodeJson(decodeUtf8(bytes))
  } catch (error) {
    if (error instanceof MalformedJsonError) return encoded
    throw error
  }
}

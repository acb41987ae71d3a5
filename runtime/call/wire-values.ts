import { refuse } from '../errors/refuse.js'
import { checkEncodable, encodePart, namePart } from '../validation/check-value.js'
import type { ConnectionChecks, FlagChecks } from '../validation/validate.js'
import { decodeJson, decodeUtf8, MalformedJsonError } from '../wire/decode-json.js'
import type { ArrivedCall } from '../wire/exchange.js'
import { countBytesOver, explainRequestExcess } from '../wire/explain-excess.js'
import { MAX_ANSWER_BYTES, MAX_DEPTH, MAX_STRUCTURE } from '../wire/limits.js'
import { readMetadata } from '../wire/metadata.js'

/**
 * An input of the application's as JSON text, checked; with `index`, one item of it. Throws `invalid_argument` where it is not
 * what the schema declares, and `resource_exhausted` where it is longer than 1 MiB, or past `MAX_STRUCTURE`.
 */
export function writeInput(tag: string, checks: ConnectionChecks, input: unknown, index?: number): string {
  const encoded = encodePart(tag, 'input', checks, input, index)
  checkEncodable(tag, 'input', encoded, index)
  // Only an input of `Unknown` can be undefined and still pass its check.
  const text = encoded === undefined ? 'null' : JSON.stringify(encoded)
  const problem = explainRequestExcess(text)
  if (problem === undefined) return text
  throw refuse('resource_exhausted', `${namePart(tag, 'input', index)} ${problem}: send it in parts`, {
    maybeExecuted: index !== undefined,
  })
}

/**
 * An output in the form in which it travels, as JSON text; with `index`, one item of it. Throws `internal` where JSON would
 * lose a part of it, and `resource_exhausted` where it is longer than 4 MiB.
 */
export function writeOutput(tag: string, output: unknown, index?: number): string {
  checkEncodable(tag, 'output', output, index)
  const text = output === undefined ? 'null' : JSON.stringify(output)
  const bytes = countBytesOver(text, MAX_ANSWER_BYTES)
  if (bytes === undefined) return text
  const problem = `it has ${bytes} bytes of JSON, at most ${MAX_ANSWER_BYTES} are allowed: answer it in parts`
  throw refuse('resource_exhausted', `${namePart(tag, 'output', index)} is refused: ${problem}`, {
    maybeExecuted: true,
  })
}

/**
 * A flag's data, as the application has them, as JSON text; `null` where it has none. Throws `internal` where they are not what the
 * schema declares, and `resource_exhausted` where they are longer than 4 MiB.
 */
export function writeFlagData(tag: string, checks: FlagChecks, data: unknown): string {
  if (checks.data === null) return 'null'
  const encoded = encodePart(tag, 'data', checks, data)
  checkEncodable(tag, 'data', encoded)
  // Only data of `Unknown` can be undefined and still pass their check.
  const text = encoded === undefined ? 'null' : JSON.stringify(encoded)
  const bytes = countBytesOver(text, MAX_ANSWER_BYTES)
  if (bytes === undefined) return text
  const problem = `it has ${bytes} bytes of JSON, at most ${MAX_ANSWER_BYTES} are allowed: say less`
  throw refuse('resource_exhausted', `${namePart(tag, 'data')} is refused: ${problem}`, { maybeExecuted: true })
}

/** An input that arrived, not checked yet. Throws `invalid_argument` where it is no JSON, and `resource_exhausted` past `MAX_STRUCTURE`. */
export function readInput(call: ArrivedCall): unknown {
  try {
    const { input } = call
    if ('value' in input) return input.value
    const text = typeof input.text === 'string' ? input.text : decodeUtf8(input.text)
    return decodeJson(text, MAX_DEPTH, MAX_STRUCTURE)
  } catch (error) {
    if (!(error instanceof MalformedJsonError)) throw error
    throw refuse(error.code, `input of ${call.tag} is refused: ${error.message}`)
  }
}

/** What the caller's interceptors have set. Throws `invalid_argument` where it is no metadata. */
export function readArrivedMetadata({ metadata }: ArrivedCall): ReadonlyMap<string, string> {
  return metadata === undefined ? NO_METADATA : readMetadata(metadata)
}

const NO_METADATA: ReadonlyMap<string, string> = new Map()

import type { LoadedValue } from '../../load/loaded-schema.js'
import { describeValue } from '../plain-value.js'
import type { Position } from '../position.js'
import type { Reporter } from '../reporter.js'

/** Tags that begin so belong to netgen's own connections. */
const RESERVED_PREFIX = 'netgen.'

const MAX_TAG_BYTES = 512

/** Checks a tag or alias. Answers undefined where it was reported. */
export function readTag(
  value: LoadedValue | undefined,
  position: Position,
  schemaName: string,
  reporter: Reporter,
): string | undefined {
  const fault = findTagFault(value)
  if (fault !== undefined) {
    const remedy = `write a text of 1 to ${MAX_TAG_BYTES} bytes`
    reporter.report('NG2005', position, `is ${describeValue(value)}, ${fault}`, remedy)
    return undefined
  }
  const tag = value as string
  if (!tag.startsWith(RESERVED_PREFIX) || schemaName === 'netgen') return tag
  const finding = `is ${JSON.stringify(tag)}, but tags that begin with ${RESERVED_PREFIX} are netgen's own`
  reporter.report('NG2006', position, finding, 'let it begin with something else')
  return undefined
}

function findTagFault(value: LoadedValue | undefined): string | undefined {
  if (typeof value !== 'string') return 'not a string'
  if (value === '') return 'which is empty'
  if (/\p{Surrogate}/u.test(value)) return 'which holds half a character: a lone surrogate'
  const bytes = Buffer.byteLength(value)
  return bytes > MAX_TAG_BYTES ? `which is ${bytes} bytes of UTF-8, more than ${MAX_TAG_BYTES}` : undefined
}

import type { JsonSchema } from '../json.js'
import { readReference } from '../json-schema.js'
import { enterPart, type Position } from '../position.js'
import type { Reporter } from '../reporter.js'
import { countFormatTexts, isOfFormat, listParts } from './count-format-texts.js'

/** The format whose texts are compiled, each by itself: 150,000 of a few characters take 270 ms, and 10,000 take 21 ms at most. */
const COMPILED = 'regex'

/** How many texts of that format one value may hold. */
const MAX_COMPILED_TEXTS = 10_000

/** What the schemas of a file refer to, and where each of it stands. */
export interface NamedSchemas {
  readonly schemas: ReadonlyMap<string, JsonSchema>
  readonly positions: ReadonlyMap<string, Position>
}

/**
 * Reports a value that may hold more texts of the format `regex` than can be checked in the time that one message may take, at the place
 * that most of them have. Answers whether it is none.
 */
export function passFormats(schema: JsonSchema, position: Position, named: NamedSchemas, reporter: Reporter): boolean {
  const count = countFormatTexts(schema, COMPILED, named.schemas)
  if (count <= MAX_COMPILED_TEXTS) return true
  const most = MAX_COMPILED_TEXTS.toLocaleString('en-US')
  const many = Number.isFinite(count) ? count.toLocaleString('en-US') : 'any number of'
  reporter.report(
    'NG3021',
    findPlace(schema, position, named, new Set()) ?? position,
    `is ${JSON.stringify(COMPILED)}, where one value may hold ${many} such texts: more than ${most} take too long to check`,
    `add maxItems to each array and maxProperties to each record around it, so that there are ${most} at most; a type that contains itself can hold none`,
  )
  return false
}

/** The place of the format that most texts have, of those that were not seen on the way to it. */
function findPlace(
  schema: JsonSchema,
  position: Position,
  named: NamedSchemas,
  seen: Set<string>,
): Position | undefined {
  if (isOfFormat(schema, COMPILED)) return enterPart(position, 'format')
  const name = readReference(schema)
  if (name !== undefined && !seen.has(name)) {
    seen.add(name)
    const found = findPlace(named.schemas.get(name) ?? {}, named.positions.get(name) ?? position, named, seen)
    if (found !== undefined) return found
  }
  const weighed = listParts(schema)
    .map((part) => ({ ...part, texts: countFormatTexts(part.schema, COMPILED, named.schemas) }))
    .filter(({ texts }) => texts > 0)
    .map((part) => ({ ...part, texts: part.times * part.texts }))
    .sort((left, right) => (left.texts === right.texts ? 0 : right.texts - left.texts))
  for (const part of weighed) {
    const found = findPlace(part.schema, enterPart(position, ...part.path), named, seen)
    if (found !== undefined) return found
  }
  return undefined
}

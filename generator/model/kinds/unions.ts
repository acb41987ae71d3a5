import type { CodecDraft } from '../codecs/codec-draft.js'
import { isList, isSchema } from '../loaded-value.js'
import { enterPart, type Position } from '../position.js'
import { createKeywordType } from '../type-node.js'
import type { TypeReading } from '../type-reading.js'
import { findDiscriminator } from './discriminator.js'
import type { KindRule } from './kind-rule.js'
import { createChoice, isLiteralValue } from './literals.js'

/**
 * A value of one of several types: an enum where all are literals, and where all are objects told apart by a literal
 * property, a discriminated union, so that a mistake is reported once and not once per arm.
 */
export const UNION: KindRule = {
  structure: ['anyOf'],
  read({ keywords }, position, reader) {
    const arms = keywords.get('anyOf')
    if (!isList(arms)) {
      reader.report('NG3006', enterPart(position, 'anyOf'), 'is no array', 'write Type.Union([...])')
      return undefined
    }
    // `Type.Index` leaves the modifiers of properties on the arms that it makes of them.
    const read = arms.map((arm, index) => reader.read(arm, enterPart(position, 'anyOf', index), 'allowed'))
    const readings = read.filter((reading) => reading !== undefined)
    if (readings.length < read.length) return undefined
    const [first, ...others] = readings
    if (first === undefined) return { type: createKeywordType('never'), schema: { not: {} } }
    if (others.length === 0) return first

    const literals = arms.map((arm) =>
      isSchema(arm) && arm.kind === 'Literal' ? arm.keywords.get('const') : undefined,
    )
    if (literals.every(isLiteralValue)) return createChoice(literals)
    const type = { kind: 'union', arms: readings.map((reading) => reading.type) } as const
    const schemas = readings.map(({ schema }) => schema)
    const codec = readings.some((reading) => reading.codec !== undefined) && {
      codec: draftUnion(readings, position),
    }
    const propertyName = findDiscriminator(arms, position)
    if (propertyName === undefined) return { type, schema: { anyOf: schemas }, ...codec }
    return { type, schema: { type: 'object', discriminator: { propertyName }, oneOf: schemas }, ...codec }
  },
}

function draftUnion(readings: readonly TypeReading[], position: Position): CodecDraft {
  return { kind: 'union', arms: readings.map(({ schema, codec }) => ({ schema, draft: codec })), position }
}

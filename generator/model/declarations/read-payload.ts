import type { LoadedValue } from '../../load/loaded-schema.js'
import type { Definitions } from '../definitions.js'
import { describeMissingSchema } from '../describe-missing-schema.js'
import { passFormats } from '../formats/pass-formats.js'
import { bundleSchema } from '../json-schema.js'
import { isVoidKind } from '../kinds/void.js'
import { isSchema, isStream } from '../loaded-value.js'
import type { PayloadModel, ValueModel } from '../model.js'
import { enterPart, type Position } from '../position.js'

const USE_TYPE = 'use a function of Type, such as Type.Object({ ... })'

/** Reads what a connection takes, or what it answers. Answers undefined where it, or something in it, was reported. */
export function readPayload(
  value: LoadedValue | undefined,
  position: Position,
  definitions: Definitions,
): PayloadModel | undefined {
  if (isStream(value)) {
    if (value.isMarked) {
      const finding = 'is a stream with a function of Type around it, which means nothing there'
      definitions.reader.report('NG2013', position, finding, 'write stream(...) alone, with Type around the item')
    }
    const item = readValue(value.item, enterPart(position, 'item'), definitions, USE_TYPE)
    return item && { ...item, isStream: true }
  }
  const found = readValue(value, position, definitions)
  return found && { ...found, isStream: false }
}

/** Whether a declaration says that there is no value, as leaving it out does. */
export function isVoid(value: LoadedValue | undefined): boolean {
  return isSchema(value) && isVoidKind(value.kind) && value.marks.length === 0
}

/** Reads the value of an event or a flag. Answers undefined where it has none, or it was reported. */
export function readOptionalValue(
  part: 'payload' | 'data',
  entries: ReadonlyMap<string, LoadedValue>,
  position: Position,
  definitions: Definitions,
): ValueModel | undefined {
  const value = entries.get(part)
  return !entries.has(part) || isVoid(value) ? undefined : readValue(value, enterPart(position, part), definitions)
}

/**
 * Reads the schema of one value. Answers undefined where it, or something in it, was reported.
 *
 * @param remedy What to do where there is no schema. Default: to use one, or to leave it out.
 */
export function readValue(
  value: LoadedValue | undefined,
  position: Position,
  definitions: Definitions,
  remedy = `${USE_TYPE}, or leave it out`,
): ValueModel | undefined {
  const { reader, schemas, codecs, recall } = definitions
  if (!isSchema(value) && !isStream(value)) {
    const missing = describeMissingSchema(value, remedy)
    reader.report('NG2003', position, missing.finding, missing.remedy)
    return undefined
  }
  const read = (): ValueModel | undefined => {
    const reading = reader.read(value, position)
    if (reading === undefined || !passFormats(reading.schema, position, definitions, reader)) return undefined
    const codec = codecs.plan(reading.codec)
    return { type: reading.type, schema: bundleSchema(reading.schema, schemas), ...(codec && { codec }) }
  }
  return isSchema(value) ? recall(value, position, read) : read()
}

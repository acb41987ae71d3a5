import { Value as OlderValue } from '@sinclair/typebox/value'
import fc from 'fast-check'
import { Value as NewerValue } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { buildModel } from '../../../generator/model/build-model.js'
import { createTagClaims } from '../../../generator/model/declarations/tag-claims.js'
import type { JsonObject, JsonValue } from '../../../generator/model/json.js'
import type { ConnectionModel } from '../../../generator/model/model.js'
import { printChecksModule } from '../../../generator/text/print-checks-module.js'
import { compileChecks, selectCheckedSchemas } from '../../../generator/validators/compile-checks.js'
import type { ConnectionChecks, Validate } from '../../../runtime/validation/validate.js'
import { type AnySchema, connection } from '../../../schemas/schema.js'
import { BLIND_INDEX, readLive } from '../read-live.js'
import * as older from '../tables/schemas-0.34.js'
import * as newer from '../tables/schemas-1.js'
import { createFolder, writeFile } from '../temporary-folder.js'
import { arbitraryOf, mutate } from './arbitrary-value.js'

type Check = (schema: never, value: unknown) => boolean

interface Opinion {
  readonly generation: string
  readonly table: Readonly<Record<string, unknown>>
  readonly check: Check
  /** Cases in which TypeBox is known to say something else. */
  readonly excepted: readonly string[]
}

const OPINIONS: Opinion[] = [
  {
    generation: '1.x',
    table: newer,
    check: NewerValue.Check as Check,
    // It counts the optional elements of a tuple as required, and knows no formats of numbers.
    excepted: ['tupleOptional', 'tupleRest', 'int32Value'],
  },
  {
    generation: '0.34',
    table: older,
    check: OlderValue.Check as Check,
    // It counts the UTF-16 units of a text, and throws for null where an intersection is closed.
    excepted: ['stringValue', 'intersectClosed'],
  },
]

function modelConnections(table: Readonly<Record<string, unknown>>): readonly ConnectionModel[] {
  const connections = Object.entries(table).map(([name, schema]) => {
    return [`take_${name}`, connection({ input: schema as AnySchema })]
  })
  const loaded = readLive({ ...table, ...Object.fromEntries(connections) })
  const { model, diagnostics } = buildModel('/project/table.ts', loaded, BLIND_INDEX, createTagClaims())
  expect(diagnostics).toEqual([])
  return model?.connections ?? []
}

async function importCheck(folder: string, model: ConnectionModel): Promise<Validate> {
  writeFile(folder, `${model.fileName}.ts`, printChecksModule(model, compileChecks(selectCheckedSchemas(model)), '../table.ts'))
  const { input } = (await import(/* @vite-ignore */ `${folder}/${model.fileName}.ts`)) as ConnectionChecks
  return input as Validate
}

describe.each(OPINIONS)('checks compiled from schemas of TypeBox $generation', ({ table, check, excepted }) => {
  test('agree with TypeBox on values that fit and values that nearly do', async () => {
    const folder = createFolder()
    const models = modelConnections(table)
    for (const model of models) {
      const name = model.name.replace('take_', '')
      if (excepted.includes(name)) continue
      const validate = await importCheck(folder, model)
      const schema = model.input?.schema ?? {}
      const fitting = arbitraryOf(schema, (schema['$defs'] ?? {}) as JsonObject)
      const nearly = fitting.chain(mutate)
      const values = fc.oneof(fitting, nearly, nearly.chain(mutate)) as fc.Arbitrary<JsonValue>
      const sampled = fc.sample(values, { numRuns: 200, seed: 1 })
      const answers = sampled.map((value) => ({ name, value, passes: validate(value) }))
      expect(answers).toEqual(sampled.map((value) => ({ name, value, passes: check(table[name] as never, value) })))
    }
  })
})

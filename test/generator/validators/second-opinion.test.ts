import { Value as OlderValue } from '@sinclair/typebox/value'
import fc from 'fast-check'
import { Value as NewerValue } from 'typebox/value'
import { describe, expect, test } from 'vitest'
import { buildModel } from '../../../generator/model/build-model.js'
import { createTagClaims } from '../../../generator/model/declarations/tag-claims.js'
import type { JsonValue } from '../../../generator/model/json.js'
import type { ConnectionModel } from '../../../generator/model/model.js'
import { printChecksModule } from '../../../generator/text/print-checks-module.js'
import { compileChecks, selectCheckedSchemas } from '../../../generator/validators/compile-checks.js'
import type { ConnectionChecks, Validate } from '../../../runtime/validation/validate.js'
import { makeValues } from '../../../schemas/arbitrary/make-values.js'
import { type AnySchema, connection, stream } from '../../../schemas/schema.js'
import { BLIND_INDEX, readLive } from '../read-live.js'
import * as olderComputed from '../tables/computed-0.34.js'
import * as newerComputed from '../tables/computed-1.js'
import * as older from '../tables/schemas-0.34.js'
import * as newer from '../tables/schemas-1.js'
import * as newerTemplates from '../tables/templates-1.js'
import { createFolder, writeFile } from '../temporary-folder.js'
import { mutate } from './mutate.js'

type Check = (schema: never, value: unknown) => boolean

interface Opinion {
  readonly generation: string
  readonly table: Readonly<Record<string, unknown>>
  readonly check: Check
  /** Cases in which TypeBox is known to say something else. */
  readonly excepted: readonly string[]
  /** Cases in which TypeBox lets values pass that do not have its own type. */
  readonly narrower: readonly string[]
}

const OPINIONS: Opinion[] = [
  {
    generation: '1.x',
    table: { ...newer, ...newerTemplates, ...newerComputed },
    check: NewerValue.Check as Check,
    // It counts the optional elements of a tuple as required, knows no formats of numbers, wants an n behind a bigint, and throws
    // where the fixed text of a template is no pattern.
    excepted: ['tupleOptional', 'tupleRest', 'script', 'int32Value', 'bigintInside', 'specialText'],
    // It takes a dot of a template for any character, and other characters for what they mean in a pattern.
    narrower: ['textBetween', 'versionInside', 'choiceInside', 'holder'],
  },
  {
    generation: '0.34',
    table: { ...older, ...olderComputed },
    check: OlderValue.Check as Check,
    // It counts the UTF-16 units of a text, and throws for null where an intersection is closed.
    excepted: ['stringValue', 'intersectClosed'],
    narrower: [],
  },
]

/** Where nothing fits, everything nearly does. */
const NO_VALUES = fc.constantFrom(null, {}, '', 0)

/** Schemas that no values are made for. */
const OVERRIDES: ReadonlyMap<object, fc.Arbitrary<unknown>> = new Map<object, fc.Arbitrary<unknown>>([
  [newer.arrayWithContains, fc.subarray([1, 2, 2, 3]).map((others) => [1, ...others.filter((item) => item !== 1), 1])],
  [newerComputed.dependent, fc.constantFrom('a', 1)],
  [
    newerComputed.dependentObjects,
    fc.constantFrom(null, { kind: 'a', size: 1 }, { kind: 'b' }, { kind: 'b', size: null }),
  ],
])

function modelConnections(table: Readonly<Record<string, unknown>>): readonly ConnectionModel[] {
  const connections = Object.entries(table).map(([name, schema]) => {
    return [`take_${name}`, connection({ input: schema as AnySchema, output: stream(schema as AnySchema) })]
  })
  const loaded = readLive({ ...table, ...Object.fromEntries(connections) })
  const { model, diagnostics } = buildModel('/project/table.ts', loaded, BLIND_INDEX, createTagClaims())
  expect(diagnostics).toEqual([])
  return model?.connections ?? []
}

/** The check of the input, and that of the items of the output. */
async function importChecks(folder: string, model: ConnectionModel): Promise<readonly [Validate, Validate]> {
  writeFile(
    folder,
    `${model.fileName}.ts`,
    printChecksModule(model, compileChecks(selectCheckedSchemas(model)), '../table.ts', 'ts', '.js'),
  )
  const { input, output } = (await import(/* @vite-ignore */ `${folder}/${model.fileName}.ts`)) as ConnectionChecks
  return [input as Validate, output as Validate]
}

describe.each(OPINIONS)('checks compiled from schemas of TypeBox $generation', (opinion) => {
  test('agree with TypeBox on values that fit and values that nearly do', async () => {
    const { table, check, excepted, narrower } = opinion
    const folder = createFolder()
    for (const model of modelConnections(table)) {
      const name = model.name.replace('take_', '')
      if (excepted.includes(name)) continue
      const schema = table[name] as never
      const [validate, validateItem] = await importChecks(folder, model)
      const fitting = makeValues(schema, 'wire', (part) => OVERRIDES.get(part)) as fc.Arbitrary<JsonValue> | undefined
      const nearly = (fitting ?? NO_VALUES).chain(mutate)
      const fits = fitting === undefined ? [] : sample(fitting)
      const values = [...fits, ...sample(fc.oneof(nearly, nearly.chain(mutate)))]

      const isNarrower = narrower.includes(name)
      const refused = fits.filter((value) => !validate(value))
      const disputed = values.filter(
        (value) => (isNarrower ? validate(value) : true) && validate(value) !== check(schema, value),
      )
      const unlike = values.filter((value) => validateItem(value) !== validate(value))
      expect({ name, refused, disputed, unlike }).toEqual({ name, refused: [], disputed: [], unlike: [] })
    }
  })
})

function sample(values: fc.Arbitrary<JsonValue>): JsonValue[] {
  return fc.sample(values, { numRuns: 200, seed: 1 })
}

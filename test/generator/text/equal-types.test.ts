import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { readDefinitions } from '../../../generator/model/definitions.js'
import { createReporter } from '../../../generator/model/reporter.js'
import { printModule } from '../../../generator/text/print-module.js'
import { printNamedType } from '../../../generator/text/print-named-type.js'
import { joinSource, source } from '../../../generator/text/source-text.js'
import { compileTypes } from '../compile-types.js'
import { BLIND_INDEX, readLive } from '../read-live.js'
import * as olderCodecs from '../tables/codecs-0.34.js'
import * as newerCodecs from '../tables/codecs-1.js'
import * as olderComputed from '../tables/computed-0.34.js'
import * as newerComputed from '../tables/computed-1.js'
import * as older from '../tables/schemas-0.34.js'
import * as newer from '../tables/schemas-1.js'
import * as newerTemplates from '../tables/templates-1.js'
import { createFolder, PACKAGE_FOLDER, writeFile } from '../temporary-folder.js'

const TABLES = [
  { name: 'schemas-1', table: newer },
  { name: 'templates-1', table: newerTemplates },
  { name: 'computed-1', table: newerComputed },
  { name: 'schemas-0.34', table: older },
  { name: 'computed-0.34', table: olderComputed },
  { name: 'codecs-1', table: newerCodecs },
  { name: 'codecs-0.34', table: olderCodecs },
]

interface PrintedTypes {
  readonly names: readonly string[]
  readonly text: string
  readonly mistakes: readonly unknown[]
}

function printTypes(table: Readonly<Record<string, unknown>>, schemaPath: string): PrintedTypes {
  const schemas = readLive(table).exports.flatMap(({ name, value }) =>
    value.is === 'schema' ? [[name, value] as const] : [],
  )
  const reporter = createReporter(BLIND_INDEX)
  const { types } = readDefinitions(new Map(schemas), reporter, BLIND_INDEX)
  const body = joinSource(
    types.map((type) => printNamedType(type, 100)),
    source`\n`,
  )
  const names = schemas.map(([name]) => name)
  const text = printModule({
    head: source``,
    body,
    declares: new Set(names),
    schemaImport: schemaPath.replace(/\.ts$/, '.js'),
  })
  return { names, text, mistakes: reporter.diagnostics.filter(({ severity }) => severity === 'error') }
}

function printEqualities(name: string, keys: readonly string[], path: string): string {
  const types = keys.map((key) => `  ${key}: Equal<table.Static<typeof table.${key}>, printed.${key}>`)
  const values = keys.map((key) => `  ${key}: true,`)
  return `import type * as table from '${path.replace(/\.ts$/, '.js')}'
import type * as printed from './${name}.printed.js'
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
export const differences: [Equal<{ a?: 1 }, { a: 1 }>, Equal<any, unknown>, Equal<1[], readonly 1[]>] = [false, false, false]
export const equalities: {
${types.join('\n')}
} = {
${values.join('\n')}
}
`
}

test('the printed types are the types that TypeBox infers, both ways', () => {
  const folder = createFolder()
  for (const { name, table } of TABLES) {
    const path = relative(folder, join(PACKAGE_FOLDER, 'test/generator/tables', `${name}.ts`))
    const { names, text, mistakes } = printTypes(table, path)
    expect(mistakes).toEqual([])
    writeFile(folder, `${name}.printed.ts`, text)
    writeFile(folder, `${name}.ts`, printEqualities(name, names, path))
  }
  expect(compileTypes(folder, ['*.ts'], 'any')).toBe('')
})

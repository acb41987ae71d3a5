import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { JsonSchema } from '../../../generator/model/json.js'
import type { ConnectionModel } from '../../../generator/model/model.js'
import { compileAll } from '../../../generator/validators/compile-all.js'
import { selectCheckedSchemas } from '../../../generator/validators/compile-checks.js'
import { compileInThreads } from '../../../generator/validators/compile-in-threads.js'
import { obtainChecks } from '../../../generator/validators/obtain-checks.js'
import { createFolder } from '../temporary-folder.js'

function modelConnection(name: string, schema: JsonSchema): ConnectionModel {
  return {
    is: 'connection',
    name,
    fileName: name,
    tag: name,
    aliases: [],
    input: { type: { kind: 'keyword', keyword: 'unknown' }, schema, isStream: false },
    errors: [],
    idempotent: false,
    digest: '',
  }
}

function modelConnections(number: number): ConnectionModel[] {
  return Array.from({ length: number }, (_, index) =>
    modelConnection(`take${index}`, { type: 'string', maxLength: index }),
  )
}

const REFUSED = modelConnection('refused', { type: 'string', format: 'unheard-of' })
const WORDS = 'unknown format "unheard-of" ignored in schema at path "#"'

function countEntries(folder: string): number {
  return readdirSync(folder).flatMap((name) => readdirSync(join(folder, name))).length
}

test('checks are the same with an empty cache, with a full one and with none', async () => {
  const folder = createFolder()
  const compiled = await obtainChecks(modelConnections(3), folder)
  expect(countEntries(folder)).toBe(3)
  expect(await obtainChecks(modelConnections(3), folder)).toEqual(compiled)
  expect(await obtainChecks(modelConnections(3), undefined)).toEqual(compiled)
})

test('connections whose schemas are equal are kept once', async () => {
  const folder = createFolder()
  const twins = ['a', 'b'].map((name) => modelConnection(name, { type: 'null' }))
  const [first, second] = await obtainChecks(twins, folder)
  expect(first).toBe(second)
  expect(countEntries(folder)).toBe(1)
})

test('what ajv refuses is refused each time, and does no harm to the others', async () => {
  const folder = createFolder()
  const connections = [REFUSED, ...modelConnections(1)]
  const results = await obtainChecks(connections, folder)
  expect(results.map(({ ok }) => ok)).toEqual([false, true])
  expect(results[0]).toEqual({ ok: false, refusal: WORDS })
  expect(countEntries(folder)).toBe(1)
})

test('builds at the same time share a cache', async () => {
  const folder = createFolder()
  const all = await Promise.all(Array.from({ length: 4 }, () => obtainChecks(modelConnections(5), folder)))
  for (const checks of all) expect(checks).toEqual(all[0])
  expect(countEntries(folder)).toBe(5)
})

test('threads compile what one would, in the same order', async () => {
  const all = [...modelConnections(40), REFUSED, ...modelConnections(2)].map(selectCheckedSchemas)
  expect(await compileInThreads(all, 2)).toEqual(compileAll(all))
})

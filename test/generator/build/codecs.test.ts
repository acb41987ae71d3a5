import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { build } from '../../../generator/generator.js'
import { createProject } from '../temporary-folder.js'

const PLAIN = `export const save = connection({ input: Type.Object({ at: Type.String() }), output: Type.Integer() })
`
const DATED = `export const remind = connection({ input: Type.Object({ at: date() }) })
`

async function buildOf(schema: string): Promise<(path: string) => string> {
  const folder = createProject({ 'schema.ts': `import { connection, date, Type } from 'netgen/schema'\n${schema}` })
  const { diagnostics } = await build({ schemas: ['schema.ts'], cwd: folder })
  expect(diagnostics).toEqual([])
  return (path) => readFileSync(join(folder, 'generated', path), 'utf8')
}

test('codecs of one connection add nothing to what is loaded for another', async () => {
  const beside = await buildOf(PLAIN + DATED)
  const alone = await buildOf(PLAIN)
  expect(beside('schema/remind.ts')).toContain('export const codecs')
  expect(beside('schema/save.ts')).toBe(alone('schema/save.ts'))
  expect(alone('schema/save.ts')).not.toContain('codecs')
})

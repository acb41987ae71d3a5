import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadSchema } from '../../../generator/load/load-schema.js'
import { createProject } from '../temporary-folder.js'

const VOCABULARY = `const { connection, Type } = require('netgen/schema')\n`

describe('a schema file of CommonJS', () => {
  test.each<[how: string, file: string, text: string]>([
    ['one by one', 'schema.js', 'exports.greet = connection({})\nexports.name = Type.String()'],
    [
      'one by one of the module',
      'schema.js',
      'module.exports.greet = connection({})\nmodule.exports.name = Type.String()',
    ],
    ['as one object', 'schema.js', 'module.exports = { greet: connection({}), name: Type.String() }'],
    ['in a file that ends in .cjs', 'schema.cjs', 'exports.greet = connection({})\nexports.name = Type.String()'],
    ['from TypeScript', 'schema.cts', 'export = { greet: connection({}), name: Type.String() }'],
    [
      'as a compiler of ES modules writes them',
      'schema.js',
      `Object.defineProperty(exports, '__esModule', { value: true })
      const inner = { greet: connection({}) }
      Object.defineProperty(exports, 'greet', { enumerable: true, get: () => inner.greet })
      exports.name = Type.String()`,
    ],
    ['from a file beside it', 'schema.js', `module.exports = require('./more.js')`],
  ])('exports connections and schemas %s', async (_how, file, text) => {
    const folder = createProject({
      [file]: VOCABULARY + text,
      'more.js': `${VOCABULARY}exports.greet = connection({})\nexports.name = Type.String()`,
      'package.json': '{ "type": "commonjs" }',
    })
    const loaded = await loadSchema(join(folder, file))
    expect(loaded).toMatchObject({ ok: true })
    const exports = loaded.ok ? loaded.schema.exports.map(({ name, value }) => [name, value.is]) : []
    // In the order of the source, where that shows it.
    expect(exports.sort()).toEqual([
      ['greet', 'connection'],
      ['name', 'schema'],
    ])
  })

  test('exports nothing but what it says, and not its default, where it is an ES module', async () => {
    const folder = createProject({
      'schema.js': `import { connection } from 'netgen/schema'\nexport default { greet: connection({}) }`,
    })
    const loaded = await loadSchema(join(folder, 'schema.js'))
    expect(loaded.ok && loaded.schema.exports.map(({ name }) => name)).toEqual(['default'])
  })
})

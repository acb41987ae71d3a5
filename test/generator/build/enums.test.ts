import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { build } from '../../../generator/generator.js'
import { compileTypes } from '../compile-types.js'
import { createProject, PACKAGE_FOLDER } from '../temporary-folder.js'

// TypeScript enums are not erasable, so they stand in texts here, and not in a fixture.

const SCHEMA = `import { Type as Older } from '@sinclair/typebox'
import { connection, Type } from 'netgen/schema'
import { Direction } from './direction.js'

export enum Color { Red = 'red', Green = 'green' }
enum Single { Only = 1 }
const Listed = { A: 'a', B: 'b' } as const

export const Colors = Type.Enum(Color)
export const paint = connection({
  input: Type.Object({
    color: Type.Optional(Type.Enum(Color)),
    colors: Type.Array(Colors),
    direction: Type.Enum(Direction),
    older: Older.Array(Older.Enum(Direction)),
    single: Older.Enum(Single),
    listed: Type.Enum(Listed),
    plain: Type.Enum(['red', 'green']),
  }),
})
`

const USE = `import type { Colors, SchemaHandlers } from './generated/schema.js'
import { Color } from './schema.js'
import { Direction } from './direction.js'
type Input = Parameters<SchemaHandlers['paint']>[0]
// The compiler tells an enum from the union of its members, though each can be assigned to the other.
type Equal<A, B> = [A, B] extends [B, A] ? (0 extends A & 1 ? false : true) : false
export const equalities: [
  Equal<Colors, Color>,
  Equal<Input['color'], Color | undefined>,
  Equal<Input['colors'], Color[]>,
  Equal<Input['direction'], Direction>,
  Equal<Input['older'], Direction[]>,
  Equal<Input['listed'], 'a' | 'b'>,
  Equal<Input['plain'], 'red' | 'green'>,
] = [true, true, true, true, true, true, true]
`

test('TypeScript enums keep their own type, wherever they are declared', async () => {
  const folder = createProject({
    'direction.ts': 'export enum Direction { Up, Down = 5 }',
    'schema.ts': SCHEMA,
    'use.ts': USE,
  })
  symlinkSync(join(PACKAGE_FOLDER, 'node_modules/@sinclair'), join(folder, 'node_modules/@sinclair'))
  const { diagnostics } = await build({ schemas: ['schema.ts'], cwd: folder })
  expect(diagnostics).toEqual([])
  expect(compileTypes(folder, ['use.ts'], 'any')).toBe('')
  expect(readFileSync(join(folder, 'generated/schema/paint.ts'), 'utf8')).toContain('["red","green"]')
})

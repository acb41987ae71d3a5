import { expect, test } from 'vitest'
import { type ImportEnding, toImportPath } from '../../../generator/text/import-path.js'

test.each<[string, ImportEnding, string]>([
  ['../schema.ts', '.js', '../schema.js'],
  ['../schema.ts', '.ts', '../schema.ts'],
  ['../schema.ts', '', '../schema'],
  ['../my.schema.v2.tsx', '.js', '../my.schema.v2.js'],
  ['../schema.mts', '.js', '../schema.mjs'],
  ['../schema.cts', '.js', '../schema.cjs'],
  ['../schema.mts', '', '../schema.mjs'],
  ['../schema.js', '.ts', '../schema.js'],
  ['sources/schema.ts', '.js', './sources/schema.js'],
])('the import of %s with the ending "%s" is %s', (path, ending, wanted) => {
  expect(toImportPath(path, ending)).toBe(wanted)
})

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import map from './rows.json' with { type: 'json' }

const TESTS = fileURLToPath(new URL('..', import.meta.url))

/** How many rows there are of what app-net does. */
const ROWS = 75

/** Whether a file has a test of this very name. */
function hasTest(file: string, name: string): boolean {
  const path = join(TESTS, file)
  if (!existsSync(path) || !isRun(path)) return false
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
  return new RegExp(`\\(\\s*(?:'${escaped.replace(/'/g, "\\\\'")}'|"${escaped}"|\`${escaped}\`),`).test(
    readFileSync(path, 'utf8'),
  )
}

/** A suite that is no test file has to be imported by one beside it. */
function isRun(path: string): boolean {
  if (path.endsWith('.test.ts')) return true
  const own = `./${basename(path, '.ts')}.js`
  const tests = readdirSync(dirname(path)).filter((name) => name.endsWith('.test.ts'))
  return tests.some((name) => readFileSync(join(dirname(path), name), 'utf8').includes(`'${own}'`))
}

describe('what app-net does', () => {
  test('has a line for each of its rows, in their order', () => {
    expect(map.rows.map(({ row }) => row)).toEqual(Array.from({ length: ROWS }, (_, index) => index + 1))
  })

  for (const { row, promises, tests } of map.rows) {
    test(`row ${row}: ${promises}: has its tests`, () => {
      expect(tests).not.toEqual([])
      expect(tests.filter(({ file, name }) => !hasTest(file, name))).toEqual([])
    })
  }
})

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { hasTest, type NamedTest } from '../has-test.js'
import map from './rows.json' with { type: 'json' }

const document = readFileSync(new URL('../../.github/SECURITY.md', import.meta.url), 'utf8')

interface Row {
  /** What stands in its first cell. */
  readonly row: string
  /** What of it is not held yet, and why; then it does not count. */
  readonly later?: string
  readonly tests: readonly NamedTest[]
}

/** The head of each section's table in the document. */
const HEADS = { defaults: 'what', attacks: 'attack' } as const

const sections = map.sections as { name: keyof typeof HEADS; rows: Row[] }[]

describe.each(sections)('what SECURITY.md says of $name', ({ name, rows }) => {
  test('has a line for each row of its table, in their order; what it leaves out comes later', () => {
    const listed = readFirstCells(HEADS[name])
    expect(listed.length).toBeGreaterThan(10)
    expect(rows.filter(({ row, later }) => listed.includes(row) || later === undefined).map(({ row }) => row)).toEqual(
      listed,
    )
  })

  for (const { row, later, tests } of rows) {
    test(`${row}: ${later === undefined ? 'has its tests' : 'comes later'}`, () => {
      expect(tests.filter((named) => !hasTest(named))).toEqual([])
      expect(tests.length > 0 || later !== undefined).toBe(true)
    })
  }

  test('is counted', () => {
    const held = rows.filter(({ later }) => later === undefined)
    console.info(`security, ${name}: ${held.length} of ${rows.length} rows held`)
    for (const { row, later } of rows) if (later !== undefined) console.info(`  not held: ${row}: ${later}`)
    expect(held.length).toBeGreaterThan(0)
  })
})

/** The first cells of the table with this head. */
function readFirstCells(head: string): string[] {
  const [, table = ''] = new RegExp(`^\\| ${head} \\|.*\\n\\|[-|]*\\n((?:\\|.*\\n)*)`, 'm').exec(document) ?? []
  return table
    .trim()
    .split('\n')
    .map((line) => line.slice(2, line.indexOf(' | ')))
}

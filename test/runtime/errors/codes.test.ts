import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { HTTP_STATUS_OF_CODE, isErrorCode } from '../../../runtime/errors/codes.js'

const read = (path: string): string => readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), 'utf8')
const readme = read('README.md')
const [, table = ''] = /\| kind of failure \|.*\n\|[-|]+\n((?:\|.*\n)+)/.exec(readme) ?? []
const rows = [...table.matchAll(/^\| (.+?) \| `(\w+)`.*? \| (\d+) \|/gm)].map(([, kind, code, status]) => [
  kind,
  code,
  status,
])

test.each(rows)('the README is right about the status of: %s', (_, code, status) => {
  expect(isErrorCode(code) && HTTP_STATUS_OF_CODE[code]).toBe(Number(status))
})

test('the README has the kinds of failures', () => {
  expect(rows).toHaveLength(11)
})

test('ERRORS.md is right about the status of every code', () => {
  const [, sentence = ''] =
    /The statuses of HTTP are those of Connect: ([^.]+), 500 the others\./.exec(read('runtime/wire/ERRORS.md')) ?? []
  const told: Record<string, number> = {}
  for (const part of sentence.split(/(?=\b\d{3}\b)/)) {
    for (const [, code = ''] of part.matchAll(/`(\w+)`/g)) told[code] = Number.parseInt(part, 10)
  }
  expect(Object.keys(told).length).toBeGreaterThan(10)
  for (const [code, status] of Object.entries(HTTP_STATUS_OF_CODE))
    expect([code, told[code] ?? 500]).toEqual([code, status])
})

test.each(['toString', 'constructor', '', 'OK', 404, null])('%j is no code', (code) => {
  expect(isErrorCode(code)).toBe(false)
})

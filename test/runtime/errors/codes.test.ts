import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { HTTP_STATUS_OF_CODE, isErrorCode } from '../../../runtime/errors/codes.js'

const readme = readFileSync(fileURLToPath(new URL('../../../README.md', import.meta.url)), 'utf8')
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

test.each(['toString', 'constructor', '', 'OK', 404, null])('%j is no code', (code) => {
  expect(isErrorCode(code)).toBe(false)
})

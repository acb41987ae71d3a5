import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createDiagnostic } from '../../../generator/diagnostics/create-diagnostic.js'
import { formatDiagnostic } from '../../../generator/diagnostics/format-diagnostic.js'
import { createFolder } from '../temporary-folder.js'

const SOURCE = 'one\ntwo\n\tthree\nfour\nfive\n'

function format(source: string, place: { readonly line: number; readonly column: number }, hasColors = false): string {
  const folder = createFolder({ 'schema.ts': source })
  const diagnostic = createDiagnostic('NG1001', {
    message: 'something is wrong',
    remedy: 'make it right',
    place: { file: join(folder, 'schema.ts'), ...place },
  })
  return formatDiagnostic(diagnostic, { cwd: folder, hasColors })
}

describe('a printed diagnostic', () => {
  it('shows the place, the lines around it, and what to do', () => {
    expect(format(SOURCE, { line: 3, column: 4 })).toBe(`schema.ts:3:4 error NG1001: something is wrong
  1 | one
  2 | two
> 3 | \tthree
    | \t  ^
  4 | four
  make it right`)
  })

  it.each([
    ['the first line', 'one', { line: 1, column: 1 }, '> 1 | one\n    | ^'],
    ['the end of a line', 'one', { line: 1, column: 4 }, '> 1 | one\n    |    ^'],
    ['line 10', '\n'.repeat(10), { line: 10, column: 1 }, '   8 |\n   9 |\n> 10 |\n     | ^\n  11 |'],
    ['Windows line ends', 'one\r\ntwo\r\n', { line: 2, column: 1 }, '  1 | one\n> 2 | two\n    | ^\n  3 |'],
    ['control characters', 'a\u001b[31mb\u202ec', { line: 1, column: 7 }, '> 1 | a�[31mb�c\n    |       ^'],
    [
      'a long line',
      `${'x'.repeat(500)}Y${'z'.repeat(500)}`,
      { line: 1, column: 501 },
      `> 1 | ${'x'.repeat(59)}Y${'z'.repeat(60)}\n    | ${' '.repeat(59)}^`,
    ],
    [
      'a short line that ends late',
      `${'x'.repeat(100)}Y`,
      { line: 1, column: 101 },
      `> 1 | ${'x'.repeat(100)}Y\n    | ${' '.repeat(100)}^`,
    ],
  ])('draws %s', (_name, source, place, frame) => {
    const [, ...rest] = format(source, place).split('\n')
    expect(rest.slice(0, -1).join('\n')).toBe(frame)
  })

  it('shows no lines where the file has none such, or is gone', () => {
    const withoutFrame = 'schema.ts:9:1 error NG1001: something is wrong\n  make it right'
    expect(format('one\n', { line: 9, column: 1 })).toBe(withoutFrame)
    expect(format('', { line: 9, column: 1 })).toBe(withoutFrame)
  })

  it.each([
    ['a whole file', { file: '/shop/src/schema.ts' }, 'src/schema.ts error NG1008: nothing there\n  write something'],
    ['no file', undefined, 'error NG1008: nothing there\n  write something'],
  ])('blames %s', (_name, place, want) => {
    const diagnostic = createDiagnostic('NG1008', { message: 'nothing there', remedy: 'write something', place })
    expect(formatDiagnostic(diagnostic, { cwd: '/shop' })).toBe(want)
  })

  it('makes texts from outside harmless', () => {
    const diagnostic = createDiagnostic('NG1008', {
      message: 'a\u001b]0;b\u0007c\nd\u202e',
      remedy: 'e\u009bf',
      place: { file: '/shop/\u001b[2J.ts' },
    })
    expect(formatDiagnostic(diagnostic, { cwd: '/shop' })).toBe('�[2J.ts error NG1008: a�]0;b�c�d�\n  e�f')
  })

  it('uses colours when it is asked to', () => {
    expect(format('one', { line: 1, column: 1 }, true)).toBe(
      '\u001b[1mschema.ts:1:1\u001b[0m \u001b[31merror NG1001:\u001b[0m something is wrong\n' +
        '\u001b[2m> 1 |\u001b[0m one\n\u001b[2m    |\u001b[0m \u001b[31m^\u001b[0m\n  make it right',
    )
  })
})

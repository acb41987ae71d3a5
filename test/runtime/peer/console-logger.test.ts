import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { LogFields, LogLevel } from '../../../runtime/api/logger.js'
import { createConsoleLogger } from '../../../runtime/peer/console-logger.js'

let written: string[] = []

beforeEach(() => {
  written = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
})
afterEach(() => vi.restoreAllMocks())

function write(message: string, fields: LogFields): string {
  createConsoleLogger('warn').warn(message, fields)
  return written.join('')
}

describe('the console logger', () => {
  test.each<[LogLevel, string[]]>([
    ['silent', []],
    ['error', ['error']],
    ['warn', ['error', 'warn']],
    ['info', ['error', 'warn', 'info']],
    ['debug', ['error', 'warn', 'info', 'debug']],
  ])('writes at %s: %j', (level, want) => {
    const logger = createConsoleLogger(level)
    for (const rank of ['error', 'warn', 'info', 'debug'] as const) logger[rank]('x', {})
    expect(written).toEqual(want.map((rank) => `netgen:${rank.toUpperCase()}\tx {}\n`))
  })

  test('writes the fields on the same line, however deep and long they are', () => {
    const fields = { path: '/a', list: Array.from({ length: 20 }, () => 'long enough'), deep: { a: { b: { c: 1 } } } }
    expect(write('a file', fields)).toMatch(/^netgen:WARN\ta file \{ path: '\/a', .*\}\n$/)
  })

  test('writes an error below, indented, its cause and its fields included', () => {
    const error = Object.assign(new Error('no\nnetgen:ERROR\tforged', { cause: new TypeError('why') }), { code: 'X' })
    const lines = write('failed', { error, tag: 'notes.save' }).trimEnd().split('\n')
    expect(lines[0]).toBe("netgen:WARN\tfailed { tag: 'notes.save' }")
    expect(lines.slice(1).every((line) => line.startsWith('    '))).toBe(true)
    expect(lines.join('\n')).toContain("code: 'X'")
    expect(lines.join('\n')).toContain('TypeError: why')
  })

  test('lets nothing through that drives a terminal or forges a line', () => {
    const text = write('x', {
      tag: 'a\u001b[2J\u009b\nnetgen:ERROR\t\u202e',
      error: new Error('\u001b]0;x\u0007\r\u2028'),
    })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202e]/)
    expect(text.split('\n').filter((line) => line.startsWith('netgen:'))).toHaveLength(1)
  })

  test.each<[string, unknown, string]>([
    ['null', null, 'null'],
    ['a text', 'why', "'why'"],
    ['an error whose stack throws', hostile('stack'), ''],
    ['an error whose name throws', hostile('name'), ''],
  ])('writes whatever was thrown: %s', (_, error, want) => {
    expect(write('failed', { error })).toContain(`netgen:WARN\tfailed {}\n    ${want}`)
  })
})

function hostile(key: string): Error {
  const error = new Error('x')
  Object.defineProperty(error, key, { get: () => expect.fail('as meant') })
  return error
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Hop } from '../../../runtime/errors/remote.js'
import { formatTraceback } from '../../../runtime/traceback/format-traceback.js'
import { joinTraceback } from '../../../runtime/traceback/join-traceback.js'
import { digestRoot } from '../../../runtime/traceback/root.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'netgen-source-'))
  await writeFile(join(folder, 'caller.ts'), 'const note = read()\n\tawait notes.save(note)\n\nawait peer.close()\n')
})
afterAll(() => rm(folder, { recursive: true }))

const hop = (peer: string, file: string, root?: string): Hop => ({
  peer,
  tag: 'notes.save',
  frames: [
    { function: 'save', file, line: 1, column: 7, async: false },
    { file: 'src/main.ts', line: 9, column: 1, async: true },
  ],
  ...(root === undefined ? {} : { root }),
})

function fail(error: Error, ...hops: Hop[]): Error {
  const site = { stack: `    at run (${join(folder, 'caller.ts')}:2:14)\n    at /nowhere/main.ts:3:4` }
  const remote = { peer: 'notes@127.0.0.1:3011', tag: 'notes.save', errorId: 'id', hops, properties: {}, cuts: [] }
  joinTraceback(error, site, remote)
  return error
}

const print = (error: unknown, options?: Parameters<typeof formatTraceback>[1]): string =>
  formatTraceback(error, options).replaceAll(folder, 'FOLDER')

describe('a traceback as text', () => {
  test('has the lines here with their source, then those of each peer, and the properties', () => {
    const error = Object.assign(new TypeError('no such thing'), { code: 'ENOENT', errno: -2 })
    expect(print(fail(error, hop('notes@127.0.0.1:3011', 'src/save.ts'), hop('disk@127.0.0.1:3012', '/a.ts')))).toBe(
      [
        'TypeError: no such thing',
        '    at run (FOLDER/caller.ts:2:14)',
        '        1 | const note = read()',
        '      > 2 | \tawait notes.save(note)',
        '          | \t            ^',
        '    at /nowhere/main.ts:3:4',
        '    --- at notes@127.0.0.1:3011, in notes.save ---',
        '    at save (src/save.ts:1:7)',
        '    at async src/main.ts:9:1',
        '    --- at disk@127.0.0.1:3012, in notes.save ---',
        '    at save (/a.ts:1:7)',
        '    at async src/main.ts:9:1',
        "    { code: 'ENOENT', errno: -2 }",
      ].join('\n'),
    )
  })

  test('has the source of a peer that was started in the same folder, and of no other', () => {
    const file = 'test/runtime/traceback/format-traceback.test.ts'
    const [same, other] = [digestRoot(process.cwd()), digestRoot('/elsewhere')]
    const text = print(fail(new Error('x'), hop('a', file, same), hop('b', file, other), hop('c', file)))
    expect(text.match(/> 1 \| import/g)).toHaveLength(1)
    expect(text).toContain(`--- at a, in notes.save ---\n    at save (${file}:1:7)\n      > 1 | import { mkdtemp`)
  })

  test('has as many frames of each block as asked for', () => {
    const error = fail(new Error('x'), hop('a', 'b.ts'))
    expect(print(error, { frames: 1 })).toContain('    at save (b.ts:1:7)\n    ... 1 more')
    expect(print(error, { frames: 0 })).toBe(
      'Error: x\n    ... 2 more\n    --- at a, in notes.save ---\n    ... 2 more',
    )
  })

  test('has colours where they are asked for, and the same text', () => {
    const error = fail(new Error('x'), hop('a', 'node_modules/b/c.js'))
    const text = formatTraceback(error, { color: true })
    expect(text).toContain('\u001b[1m\u001b[31mError\u001b[39m\u001b[22m: x')
    expect(text).toContain('\u001b[36m    --- at a, in notes.save ---\u001b[39m')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is looked for
    expect(text.replace(/\u001b\[\d+m/g, '')).toBe(formatTraceback(error))
  })

  test('indents causes and parts, and ends where they hold themselves', () => {
    const cause = new RangeError('inner')
    const error = new AggregateError([new Error('part'), 'text'], 'outer', { cause })
    for (const made of [error, cause, error.errors[0]]) made.stack = ''
    cause.cause = error
    expect(print(error)).toBe(
      [
        'AggregateError: outer',
        '  [cause]: RangeError: inner',
        '    [cause]: AggregateError: outer (the same as above)',
        '  [errors][0]: Error: part',
        '  [errors][1]: "text" was thrown, which is no Error',
      ].join('\n'),
    )
  })

  test('of an error of this process has its frames without netgen', () => {
    expect(print(new Error('here')).split('\n').slice(0, 2)).toEqual([
      'Error: here',
      expect.stringMatching(/^ {4}at .*format-traceback\.test\.ts:\d+:\d+\)?$/),
    ])
  })

  test.each<[string, unknown, string]>([
    ['null', null, 'null was thrown, which is no Error'],
    ['a proxy whose traps throw', new Proxy(new Error('x'), { ownKeys: () => expect.fail('as meant') }), 'Error: x'],
    ['a name that is a number', Object.assign(new Error('x'), { name: 5, stack: '' }), '5: x'],
    ['controls', Object.assign(new Error('\u001b[2Jx\u202e'), { stack: '' }), 'Error: [2Jx'],
    ['a getter that throws', throwing(), 'Error: x\n    { path: undefined }'],
  ])('whatever is thrown: %s', (_, thrown, want) => {
    expect(formatTraceback(thrown, { frames: 0 }).replace(/\n {4}\.\.\. \d+ more/, '')).toBe(want)
  })

  test.each([-1, 1.5, Number.NaN, '3'])('takes no %j for frames', (frames) => {
    expect(() => formatTraceback(new Error('x'), { frames: frames as number })).toThrow(
      /^frames is .*, expected a whole number from 0 on$/,
    )
  })

  test('of a deep chain ends', () => {
    let error = new Error('0')
    for (let depth = 0; depth < 5_000; depth++) error = new Error('x', { cause: error })
    expect(formatTraceback(error, { frames: 0 })).toContain('(deeper ones are not shown)')
  })
})

function throwing(): Error {
  const error = Object.assign(new Error('x'), { stack: '' })
  return Object.defineProperty(error, 'path', { get: () => expect.fail('as meant'), enumerable: true })
}

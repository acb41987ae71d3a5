import { describe, expect, test } from 'vitest'
import type { Hop } from '../../../runtime/errors/remote.js'
import { captureCallSite } from '../../../runtime/traceback/call-site.js'
import { isJoined, joinTraceback, readHops } from '../../../runtime/traceback/join-traceback.js'

const here = { stack: '    at caller (/app/caller.ts:1:2)\n    at async main (/app/main.ts:3:4)' }
const frame = (name: string, file: string, line: number) => ({ function: name, file, line, column: 1, async: false })

const first: Hop = { peer: 'notes@127.0.0.1:3011', tag: 'schema.save', frames: [frame('save', '/there/save.ts', 5)] }
const second: Hop = { peer: 'disk@127.0.0.1:3012', tag: 'disk.write', frames: [frame('write', '/disk/write.ts', 7)] }
const remote = (...hops: Hop[]) => ({
  peer: 'notes@127.0.0.1:3011',
  tag: 'schema.save',
  errorId: 'id',
  hops,
  properties: {},
  cuts: [],
})

describe('the joined traceback', () => {
  test("has the caller's frames, then one labelled block for each hop", () => {
    const error = new RangeError('too\nlong')
    joinTraceback(error, here, remote(first, second))
    expect(error.stack).toBe(
      [
        'RangeError: too',
        'long',
        '    at caller (/app/caller.ts:1:2)',
        '    at async main (/app/main.ts:3:4)',
        '    --- at notes@127.0.0.1:3011, in schema.save ---',
        '    at save (/there/save.ts:5:1)',
        '    --- at disk@127.0.0.1:3012, in disk.write ---',
        '    at write (/disk/write.ts:7:1)',
      ].join('\n'),
    )
    expect((error as { remote?: unknown }).remote).toEqual(remote(first, second))
    expect(Object.keys(error)).toEqual([])
    expect(isJoined(error)).toBe(true)
  })

  test('of an error that began here has the frames alone', () => {
    const error = new Error('no')
    joinTraceback(error, here)
    expect(error.stack).toBe('Error: no\n    at caller (/app/caller.ts:1:2)\n    at async main (/app/main.ts:3:4)')
    expect('remote' in error).toBe(false)
  })

  test('is written when it is first read, with the name and the message that the error had', () => {
    let reads = 0
    const site = {
      get stack(): string {
        reads++
        return here.stack
      },
    }
    const error = new RangeError('as thrown')
    joinTraceback(error, site, remote(first))
    error.message = 'changed'
    expect(reads).toBe(0)
    expect(error.stack).toMatch(/^RangeError: as thrown\n {4}at caller /)
    expect(Object.freeze(error).stack).toContain('--- at notes@127.0.0.1:3011, in schema.save ---')
    expect(reads).toBe(1)
  })

  test('may be written over', () => {
    const error = new RangeError('x')
    joinTraceback(error, here, remote(first))
    error.stack = 'mine'
    expect(error.stack).toBe('mine')
    expect(Object.getOwnPropertyDescriptor(error, 'stack')).toMatchObject({ value: 'mine', enumerable: false })
    expect(readHops(error, { peer: 'self@127.0.0.1:3010', tag: 'schema.run' })).toHaveLength(2)
  })

  test('of an error without a message is headed by its name', () => {
    const error = new TypeError('')
    joinTraceback(error, { stack: '' })
    expect(error.stack).toBe('TypeError')
  })
})

describe('the hops of an error that leaves this peer', () => {
  const leave = (error: unknown) => readHops(error, { peer: 'self@127.0.0.1:3010', tag: 'schema.run' })

  test('begin with where it was thrown', () => {
    const [hop, ...others] = leave(new Error('x'))
    expect(hop).toMatchObject({ peer: 'self@127.0.0.1:3010', tag: 'schema.run' })
    expect(hop?.frames[0]?.file).toMatch(/join-traceback\.test\.ts$/)
    expect(others).toEqual([])
  })

  test('of an error from another peer are its frames here, then those of the peers before', () => {
    const error = new Error('x')
    joinTraceback(error, here, remote(first, second))
    const hops = leave(error)
    expect(hops.slice(1)).toEqual([first, second])
    expect(hops[0]?.frames.map(({ file, line }) => [file, line])).toEqual([
      ['/app/caller.ts', 1],
      ['/app/main.ts', 3],
    ])
  })

  test('stay those that were joined, whatever a user writes over stack and remote', () => {
    const error = new Error('x')
    joinTraceback(error, here, remote(first))
    Object.assign(error, { stack: 'gone', remote: 5 })
    expect(leave(error).map(({ tag, frames }) => [tag, frames.length])).toEqual([
      ['schema.run', 2],
      ['schema.save', 1],
    ])
  })

  test('do not come from a message that looks like frames', () => {
    const error = new Error('bad\n    at forged (/forged.js:1:2)')
    expect(leave(error)[0]?.frames.map(({ file }) => file)).not.toContain('/forged.js')
    expect(leave(error)[0]?.frames[0]?.file).toMatch(/join-traceback\.test\.ts$/)
  })

  test('are there where the message was changed afterwards', () => {
    const error = new Error('before')
    error.message = 'test'
    expect(leave(error)[0]?.frames[0]?.file).toMatch(/join-traceback\.test\.ts$/)
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'x'],
    ['an object', { stack: '    at f (/a.js:1:2)' }],
    ['an error without a stack', Object.assign(new Error('x'), { stack: undefined })],
    ['an error whose stack is a number', Object.assign(new Error('x'), { stack: 5 })],
  ])('are one without frames for %s', (_, thrown) => {
    expect(leave(thrown)).toEqual([{ peer: 'self@127.0.0.1:3010', tag: 'schema.run', frames: [] }])
  })
})

test('a call site begins with the line that called the stub', () => {
  const stub = () => captureCallSite(stub)
  const [, line] = stub().stack.split('\n')
  expect(line).toMatch(/join-traceback\.test\.ts:/)
})

test('a stack that holds what a caller sent is read in a time that grows with its length', () => {
  const error = new Error('could not import')
  // As libraries write a cause that is no `cause`.
  error.stack += `\nCaused by: Error: bad line\n    --- at ${'a, in '.repeat(60_000)}`
  const beganAtMs = performance.now()
  expect(readHops(error, { peer: 'notes@127.0.0.1:3010', tag: 'schema.add' })).toHaveLength(1)
  // With the square of it, it took some 40 s.
  expect(performance.now() - beganAtMs).toBeLessThan(2_000)
})

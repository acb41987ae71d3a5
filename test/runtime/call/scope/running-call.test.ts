import { setImmediate as tick } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { CallScope } from '../../../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../../../runtime/call/scope/deadlines.js'
import { findRunningCall, runOutside, runWithin } from '../../../../runtime/call/scope/running-call.js'

const deadlines = new Deadlines()
afterEach(() => deadlines.close())

const open = (): CallScope => new CallScope(deadlines, 'notes.save', 1_000)
const find = async (): Promise<(CallScope | undefined)[]> => {
  const before = findRunningCall()
  await tick()
  return [before, findRunningCall()]
}

describe('the call that runs', () => {
  test('is none outside of handlers', () => expect(findRunningCall()).toBeUndefined())

  test('is found until the handler returns, and where it is followed behind its awaits', async () => {
    const scope = open()
    expect(await runWithin(scope, false, find, 1, 2)).toEqual([scope, undefined])
    expect(await runWithin(scope, true, find, 1, 2)).toEqual([scope, scope])
    expect(findRunningCall()).toBeUndefined()
  })

  test('is the inner one of two, and the outer one again behind it', async () => {
    const [outer, inner] = [open(), open()]
    const nested = async (): Promise<unknown[]> => {
      const found = await runWithin(inner, true, find, 1, 2)
      return [...found, findRunningCall()]
    }
    expect(await runWithin(outer, true, nested, 1, 2)).toEqual([inner, inner, outer])
  })

  test('is none any more behind a handler that throws', () => {
    const fail = (): never => {
      throw new Error('just so')
    }
    expect(() => runWithin(open(), true, fail, 1, 2)).toThrow('just so')
    expect(findRunningCall()).toBeUndefined()
  })

  test('is none once it has been answered', async () => {
    const scope = open()
    const found = runWithin(scope, true, find, 1, 2)
    scope.finish()
    expect(await found).toEqual([scope, undefined])
  })

  test('is none for what runs outside of it', async () => {
    const scope = open()
    const found = await runWithin(scope, true, async () => [await runOutside(find), findRunningCall()], 1, 2)
    expect(found).toEqual([[undefined, undefined], scope])
  })
})

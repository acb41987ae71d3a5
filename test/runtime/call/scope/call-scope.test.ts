import { getMaxListeners, setMaxListeners } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { CallScope } from '../../../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../../../runtime/call/scope/deadlines.js'
import type { WireAnswer } from '../../../../runtime/wire/exchange.js'

let deadlines: Deadlines

beforeEach(() => {
  vi.useFakeTimers()
  deadlines = new Deadlines()
})
afterEach(() => {
  deadlines.close()
  vi.useRealTimers()
})

const open = (outer?: AbortSignal, timeoutMs = 50): CallScope =>
  new CallScope(deadlines, 'notes.save', timeoutMs, outer)
const unsettled = <Value>(): Promise<Value> => new Promise(() => {})
const closing = { code: 'unavailable', message: 'the peer is closing' } as const
const late = {
  code: 'deadline_exceeded',
  message: 'notes.save took longer than 50 ms: raise timeoutMs, or have it answer sooner',
}

/** An outer signal that counts its listeners. */
function createSignal() {
  const controller = new AbortController()
  const { signal } = controller
  const added = vi.spyOn(signal, 'addEventListener')
  const removed = vi.spyOn(signal, 'removeEventListener')
  return { controller, signal, countListeners: () => added.mock.calls.length - removed.mock.calls.length }
}

describe('the deadline of a call', () => {
  test('stops it at its time, with its limit in the text', async () => {
    const scope = open()
    const race = scope.race(unsettled())
    vi.advanceTimersByTime(50)
    await expect(race).rejects.toMatchObject({ ...late, maybeExecuted: false })
    expect(scope.stopped).toEqual(late)
  })

  test('does nothing after the call has ended', () => {
    const scope = open()
    scope.finish()
    vi.advanceTimersByTime(100)
    expect(scope.stopped).toBeUndefined()
    expect(scope.signal.aborted).toBe(false)
    expect(vi.getTimerCount()).toBeLessThanOrEqual(1)
  })

  test('is told in milliseconds left, never below 0', () => {
    const scope = open()
    expect(scope.timeLeftMs).toBe(50)
    vi.advanceTimersByTime(20)
    expect(scope.timeLeftMs).toBe(30)
    vi.advanceTimersByTime(100)
    expect(scope.timeLeftMs).toBe(0)
  })
})

describe("the caller's signal", () => {
  test('may be shared by any number of calls without a warning, unless the user has set a limit of listeners', () => {
    const [shared, limited] = [new AbortController().signal, new AbortController().signal]
    setMaxListeners(5, limited)
    for (const signal of [shared, limited]) open(signal)
    expect([getMaxListeners(shared), getMaxListeners(limited)]).toEqual([Number.POSITIVE_INFINITY, 5])
  })

  test('stops the call, and its reason is the cause', async () => {
    const { controller, signal } = createSignal()
    const scope = open(signal)
    scope.maybeExecuted = true
    const race = scope.race(unsettled())
    controller.abort('changed my mind')
    await expect(race).rejects.toMatchObject({
      code: 'canceled',
      message: 'notes.save was canceled by its caller',
      maybeExecuted: true,
      cause: 'changed my mind',
    })
  })

  test('that fired before stops the call before it begins', async () => {
    const scope = open(AbortSignal.abort('early'))
    expect(scope.stopped).toMatchObject({ code: 'canceled', cause: 'early' })
    await expect(scope.race(unsettled())).rejects.toMatchObject({ code: 'canceled' })
    vi.advanceTimersByTime(100)
    expect(scope.stopped?.code).toBe('canceled')
  })

  test.each<[string, (scope: CallScope, controller: AbortController) => void]>([
    ['has ended', (scope) => scope.finish()],
    ['was stopped', (scope) => scope.stop(closing)],
    ['has expired', () => vi.advanceTimersByTime(50)],
    ['was canceled', (_, controller) => controller.abort()],
  ])('has no listener any more when the call %s', (_, end) => {
    const { controller, signal, countListeners } = createSignal()
    const scope = open(signal)
    expect(countListeners()).toBe(1)
    end(scope, controller)
    scope.finish()
    expect(countListeners()).toBeLessThanOrEqual(0)
  })

  test('of a thousand calls holds no listeners afterwards', () => {
    const { signal, countListeners } = createSignal()
    for (let index = 0; index < 1_000; index++) open(signal).finish()
    expect(countListeners()).toBe(0)
  })
})

describe('stopping', () => {
  test('keeps the first reason', () => {
    const scope = open()
    scope.stop(closing)
    scope.stop({ code: 'canceled', message: 'later' })
    vi.advanceTimersByTime(100)
    expect(scope.stopped).toBe(closing)
  })

  test('tells a listener once, at once where it was stopped before', () => {
    const scope = open()
    const [before, after] = [vi.fn(), vi.fn()]
    scope.onStop(before)
    scope.stop(closing)
    scope.stop(closing)
    scope.onStop(after)
    expect(before.mock.calls).toEqual([[closing]])
    expect(after.mock.calls).toEqual([[closing]])
  })

  test('after the end does nothing', () => {
    const scope = open()
    const listener = vi.fn()
    scope.onStop(listener)
    scope.finish()
    scope.stop(closing)
    expect(listener).not.toHaveBeenCalled()
    expect(scope.stopped).toBeUndefined()
  })
})

test('a call that has ended holds neither what it sent nor who waited for it', async () => {
  vi.useRealTimers()
  setFlagsFromString('--expose-gc')
  const collectGarbage = runInNewContext('gc') as () => void
  const scope = open()
  const hold = (): WeakRef<object>[] => {
    const listener = { onStop: () => {} }
    scope.tellStop(listener)
    scope.request = { tag: 'notes.save', body: '{}', timeLeftMs: 50, caller: { id: 'self', group: 'notes' } }
    return [new WeakRef(listener), new WeakRef(scope.request)]
  }
  const held = hold()
  scope.finish()
  await nextTurn()
  collectGarbage()
  expect([held.map((reference) => reference.deref()), scope.isFinished]).toEqual([[undefined, undefined], true])
})

describe("the handler's signal", () => {
  test('is made once, when it is first read', () => {
    const make = vi.spyOn(globalThis, 'AbortController')
    const scope = open()
    expect(make).not.toHaveBeenCalled()
    expect(scope.signal).toBe(scope.signal)
    expect(make).toHaveBeenCalledOnce()
    make.mockRestore()
    scope.finish()
  })

  test('fires with the error that the call ends with', () => {
    const scope = open()
    const { signal } = scope
    scope.stop(closing)
    expect(signal.aborted).toBe(true)
    expect(signal.reason).toMatchObject(closing)
  })

  test('has fired where it is first read after the stop', () => {
    const scope = open()
    scope.stop(closing)
    expect(scope.signal.aborted).toBe(true)
    expect(scope.signal.reason).toMatchObject(closing)
  })
})

describe('what a scope waits for', () => {
  test('is what comes first', async () => {
    const scope = open()
    await expect(scope.race(Promise.resolve(1))).resolves.toBe(1)
    await expect(scope.race(Promise.reject(new Error('no')))).rejects.toThrow('no')
    const pending = scope.race(unsettled())
    scope.stop(closing)
    await expect(pending).rejects.toMatchObject(closing)
  })

  test('may fail after the stop without an unhandled rejection', async () => {
    const scope = open()
    let fail: (error: Error) => void = () => {}
    const race = scope.race(new Promise((_, reject) => (fail = reject)))
    scope.stop(closing)
    await expect(race).rejects.toMatchObject(closing)
    fail(new Error('too late'))
  })

  test('is a served call, which is canceled with it', async () => {
    const scope = open()
    const cancel = vi.fn()
    const call = scope.carry({ answer: unsettled<WireAnswer>(), cancel })
    expect(cancel).not.toHaveBeenCalled()
    scope.stop(closing)
    await expect(call).rejects.toMatchObject(closing)
    expect(cancel).toHaveBeenCalledOnce()
  })

  test('is the answer of a served call, which is not canceled then', async () => {
    const scope = open()
    const cancel = vi.fn()
    const answer: WireAnswer = { ok: true, body: '1' }
    expect(await scope.carry({ answer: Promise.resolve(answer), cancel })).toEqual({ ok: true, value: 1 })
    scope.finish()
    expect(cancel).not.toHaveBeenCalled()
  })
})

describe("a call that another one's handler makes", () => {
  const nest = (parent: CallScope, timeoutMs = 1_000): CallScope =>
    new CallScope(deadlines, 'disk.write', timeoutMs, undefined, parent)

  test('has what is left of the other one, at most', () => {
    const parent = open()
    vi.advanceTimersByTime(20)
    expect([nest(parent).timeLeftMs, nest(parent, 10).timeLeftMs]).toEqual([30, 10])
  })

  test.each<[string, (parent: CallScope) => void, object]>([
    [
      'is late',
      () => vi.advanceTimersByTime(50),
      {
        code: 'deadline_exceeded',
        message:
          'disk.write was given up: notes.save took longer than 50 ms: raise timeoutMs, or have it answer sooner',
      },
    ],
    [
      'is stopped',
      (parent) => parent.stop(closing),
      { code: 'unavailable', message: 'disk.write was given up: the peer is closing' },
    ],
  ])('ends where the other one %s', async (_, end, reason) => {
    const parent = open()
    const race = nest(parent).race(unsettled())
    end(parent)
    await expect(race).rejects.toMatchObject(reason)
  })

  test('says whose time it was, where it notices first that there is none left', () => {
    const parent = open()
    const nested = nest(parent)
    nested.expire()
    expect(nested.stopped).toEqual({
      code: 'deadline_exceeded',
      message:
        'disk.write took longer than 50 ms, all that was left to the call around it: raise timeoutMs there, or have it answer sooner',
    })
  })

  test('is not made where the other one was stopped before', () => {
    const parent = open()
    parent.stop(closing)
    expect(nest(parent).stopped).toMatchObject({ code: 'unavailable' })
  })

  test('goes on where the other one was answered', () => {
    const parent = open()
    const scope = nest(parent)
    parent.finish()
    parent.stop(closing)
    expect(scope.stopped).toBeUndefined()
  })

  test('leaves nothing behind with the other one', () => {
    const parent = open()
    const scope = nest(parent)
    const stop = vi.spyOn(scope, 'stop')
    scope.finish()
    parent.stop(closing)
    expect(stop).not.toHaveBeenCalled()
  })
})

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { any } from '../../../../runtime/api/any-peer.js'
import { PeerChoice } from '../../../../runtime/call/peer-choice.js'
import { RemoteFailure } from '../../../../runtime/call/remote-failure.js'
import { type FailedCall, Retrier } from '../../../../runtime/call/repeats/retrier.js'
import { CallScope } from '../../../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../../../runtime/call/scope/deadlines.js'
import { refuse, refuseGone } from '../../../../runtime/errors/refuse.js'
import type { ErrorRecord } from '../../../../runtime/wire/error-record.js'
import { createRefusal } from '../../../../runtime/wire/refusal-record.js'
import { catchError } from '../../behaviour/harness.js'

const ADDRESS = '127.0.0.1:3010'
const peer = { id: 'b4b62b08490fe9a4', host: '127.0.0.1', port: 3010, group: 'notes', hub: false }
const lost = refuse('unavailable', 'lost', { maybeExecuted: true })
const unsent = refuse('unavailable', 'not sent')
const gone = refuseGone('gone')
const answer = (record: Partial<ErrorRecord>): RemoteFailure =>
  new RemoteFailure(
    { ...createRefusal('unavailable', 'closing'), ...record },
    { peer: 'notes', tag: 'notes.save' },
    { encodeData: () => undefined, create: () => undefined },
  )

describe('a call that failed', () => {
  let deadlines: Deadlines
  let retrier: Retrier

  beforeEach(() => {
    vi.useFakeTimers()
    vi.spyOn(Math, 'random').mockReturnValue(0.5)
    deadlines = new Deadlines()
    retrier = new Retrier()
  })
  afterEach(() => {
    deadlines.close()
    vi.restoreAllMocks()
    vi.useRealTimers()
  })

  const fail = (parts: Partial<FailedCall> = {}): FailedCall => ({
    target: ADDRESS,
    scope: new CallScope(deadlines, 'notes.save', 60_000),
    isIdempotent: false,
    retryMs: 2_000,
    callsMade: 1,
    attempt: async () => 'done',
    ...parts,
  })

  /** What becomes of it, and when in milliseconds each further attempt was made. */
  async function settle(failure: unknown, parts: Partial<FailedCall> = {}): Promise<[unknown, number[]]> {
    const attempts: number[] = []
    const call = fail(parts)
    const attempt = (): unknown => {
      attempts.push(performance.now() - startedAtMs)
      return call.attempt()
    }
    const startedAtMs = performance.now()
    const settled = retrier.repeat(failure, { ...call, attempt }).catch((error: unknown) => error)
    await vi.runAllTimersAsync()
    return [await settled, attempts]
  }

  test.each<[string, unknown, Partial<FailedCall>]>([
    ['it was not sent', unsent, {}],
    ['nobody listens at the address', gone, {}],
    ['whoever is at the address is closing', answer({}), {}],
    ['it was lost, and is idempotent', lost, { isIdempotent: true }],
    ['it was not sent to a peer that is still there', unsent, { target: peer }],
    ['an idempotent call to a peer was lost', lost, { target: peer.id, isIdempotent: true }],
  ])('is repeated where %s', async (_, failure, parts) => {
    expect(await settle(failure, parts)).toEqual(['done', [25]])
  })

  test.each<[string, unknown, Partial<FailedCall>]>([
    ['it may have run', lost, {}],
    ['the peer that it names has ended', gone, { target: peer, isIdempotent: true }],
    ['the peer that it names is closing', answer({}), { target: peer.id, isIdempotent: true }],
    ['its handler threw, whatever that was', answer({ maybeExecuted: true }), { isIdempotent: true }],
    ['the other side refuses it for another reason', answer({ code: 'resource_exhausted' }), {}],
    ['it is wrong', refuse('invalid_argument', 'wrong'), {}],
    ['something is broken here', new TypeError('broken'), { isIdempotent: true }],
    ['it wants no repeat', unsent, { retryMs: 0 }],
  ])('is thrown as it is where %s', async (_, failure, parts) => {
    expect(await settle(failure, parts)).toEqual([failure, []])
  })

  /** A call that chose its peer, with another one to go to or none. */
  function choose(hasOther: boolean): Partial<FailedCall> {
    const scope = new CallScope(deadlines, 'notes.save', 60_000)
    scope.choice = new PeerChoice(new Map())
    scope.choice.take(peer.id, hasOther)
    return { scope, target: any() }
  }

  test.each<[string, unknown, boolean]>([
    ['it was not sent', unsent, false],
    ['its peer has ended', gone, false],
    ['its peer is closing', answer({}), false],
    ['its peer has no room for it', answer({ code: 'resource_exhausted' }), false],
    ['its peer does not serve it after all', answer({ code: 'unimplemented' }), false],
    ['it was lost, and is idempotent', lost, true],
  ])('goes to another peer at once where it chose its own, and %s', async (_, failure, isIdempotent) => {
    expect(await settle(failure, { ...choose(true), isIdempotent })).toEqual(['done', [0]])
  })

  test.each<[string, unknown, boolean, [unknown, number[]]]>([
    ['waits where its peer has ended', gone, false, ['done', [25]]],
    ['waits where it was lost, and is idempotent', lost, true, ['done', [25]]],
    ['has its answer in what its peer has no room for', answer({ code: 'resource_exhausted' }), true, [undefined, []]],
  ])('that chose the last peer there is %s', async (_, failure, isIdempotent, [want, attempts]) => {
    expect(await settle(failure, { ...choose(false), isIdempotent })).toEqual([want ?? failure, attempts])
  })

  test.each<[string, unknown, boolean]>([
    ['it may have run', lost, false],
    ['its handler threw', answer({ maybeExecuted: true }), true],
    ['it is wrong', answer({ code: 'invalid_argument' }), true],
  ])('goes to no other peer where %s', async (_, failure, isIdempotent) => {
    expect(await settle(failure, { ...choose(true), isIdempotent })).toEqual([failure, []])
  })

  test('waits longer each time, and ends with its last failure and the number of attempts', async () => {
    const failures = [lost, unsent, gone]
    const [error, attempts] = await settle(unsent, {
      isIdempotent: true,
      attempt: () => Promise.reject(failures.shift() ?? gone),
    })
    expect(attempts).toEqual([25, 75, 175, 375, 775, 1_275, 1_775])
    expect(error).toMatchObject({ code: 'unavailable', maybeExecuted: true, message: 'gone (after 8 attempts)' })
  })

  test('ends with whatever was thrown, also where that is nothing that can be looked at', async () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    // A promise of it would look for its `then`.
    const isThrown = async (failure: unknown, attempt: () => unknown): Promise<boolean> => {
      const settled = retrier.repeat(failure, fail({ attempt })).then(
        () => false,
        (thrown: unknown) => thrown === proxy,
      )
      await vi.advanceTimersByTimeAsync(5_000)
      return settled
    }
    expect(await isThrown(proxy, () => 'done')).toBe(true)
    const attempt = (): never => {
      throw proxy
    }
    expect(await isThrown(unsent, attempt)).toBe(true)
  })

  test('ends with what stands against another attempt', async () => {
    const declared = answer({ kind: 'declared', name: 'DiskFull', message: 'full', maybeExecuted: true })
    expect(await settle(unsent, { attempt: () => Promise.reject(declared) })).toEqual([declared, [25]])
  })

  test('has its one deadline for all of them', async () => {
    const scope = new CallScope(deadlines, 'notes.save', 100)
    const [error, attempts] = await settle(unsent, { scope, attempt: () => Promise.reject(unsent) })
    expect(attempts).toEqual([25, 75])
    expect(error).toMatchObject({ message: 'not sent (after 3 attempts)' })
  })

  test('is canceled while it waits', async () => {
    const controller = new AbortController()
    const scope = new CallScope(deadlines, 'notes.save', 60_000, controller.signal)
    const call = catchError(retrier.repeat(unsent, fail({ scope })))
    controller.abort()
    expect(await call).toMatchObject({
      code: 'canceled',
      maybeExecuted: false,
      message: 'notes.save was canceled by its caller (after 2 attempts)',
    })
  })

  test('ends when the peer that makes it is closed', async () => {
    const call = catchError(retrier.repeat(unsent, fail()))
    retrier.close()
    expect(await call).toMatchObject({ code: 'unavailable' })
    expect(await settle(unsent)).toEqual([unsent, []])
  })

  test('is not repeated where too many are', async () => {
    for (let index = 0; index < 1_000; index++) void retrier.repeat(unsent, fail())
    const [error] = await settle(unsent, { callsMade: 0 })
    expect(error).toMatchObject({
      message: 'not sent (after 1 attempt, and no more now: too many calls to it are being repeated)',
    })
  })
})

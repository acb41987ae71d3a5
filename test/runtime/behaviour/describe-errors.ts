import { type Hop, NetgenError, type Peer, type RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DiskFullError, LockedError, type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'

/** What failing calls do, whatever carries them. */
export function describeErrors(name: string, createHarness: () => Promise<Harness>): void {
  describe(`errors over ${name}`, () => {
    let harness: Harness
    let here: Peer
    let notes: SchemaStub
    let there: RemotePeer
    let remote: Handlers
    let other: Peer
    const logged: { message: string; fields: Record<string, unknown> }[] = []

    beforeEach(async () => {
      harness = await createHarness()
      logged.length = 0
      here = await harness.createPeer({ logger: silent })
      other = await harness.createPeer({
        logger: { ...silent, error: (message, fields) => logged.push({ message, fields }) },
      })
      remote = new Handlers()
      notes = here.connect(schema)
      other.connect(schema, remote)
      const [found] = await here.peers()
      if (found === undefined) throw new Error('expected the other peer to be found')
      there = found
    })
    afterEach(() => harness.close())

    test('a declared error is rethrown as its class, with its data', async () => {
      const error = await catchError(notes.keep({ id: 'full', body: '' }, { peer: there }))
      expect(error).toBeInstanceOf(DiskFullError)
      expect(error).toBeInstanceOf(NetgenError)
      expect(error).not.toBeInstanceOf(LockedError)
      expect(error).toMatchObject({
        name: 'DiskFullError',
        message: 'DiskFull',
        data: { freeBytes: 7 },
        code: 'failed_precondition',
        maybeExecuted: true,
      })
    })

    test('a declared error keeps its message and its cause', async () => {
      const error = await catchError(notes.keep({ id: 'locked', body: '' }, { peer: there }))
      expect(error).toBeInstanceOf(LockedError)
      expect(error).toMatchObject({ message: 'try later', data: { by: 'ada' }, cause: { message: 'why' } })
    })

    test('a declared error whose data does not fit, or that another connection declares, is a NetgenError', async () => {
      const wrong = await catchError(notes.keep({ id: 'wrong', body: '' }, { peer: there }))
      const undeclared = await catchError(notes.fail('undeclared', { peer: there }))
      for (const error of [wrong, undeclared]) {
        expect(error).toBeInstanceOf(NetgenError)
        expect(error).not.toBeInstanceOf(LockedError)
        expect(error).not.toBeInstanceOf(DiskFullError)
      }
    })

    test.each([
      ['type', TypeError, 'no such thing'],
      ['plain', Error, 'just so'],
      ['cause', RangeError, 'outer'],
      ['aggregate', AggregateError, 'both'],
    ])('a built-in error is rethrown as its class: %s', async (kind, type, message) => {
      const error = await catchError(notes.fail(kind, { peer: there }))
      expect(Object.getPrototypeOf(error)).toBe(type.prototype)
      expect(error).toMatchObject({ message, maybeExecuted: true })
    })

    test('what a local handler throws arrives as it is, whatever its traps do', async () => {
      const { proxy, revoke } = Proxy.revocable(new Error('text'), {})
      revoke()
      const alone = await harness.createPeer({ logger: silent, strictLocal: false })
      const stub = alone.connect(schema, Object.assign(new Handlers(), { greet: () => Promise.reject(proxy) }))
      const thrown = await stub.greet().catch((error: unknown) => ({ error }))
      expect((thrown as { error: unknown }).error === proxy).toBe(true)
    })

    test('causes and parts are errors again', async () => {
      const chain = await catchError(notes.fail('cause', { peer: there }))
      expect(chain.cause).toBeInstanceOf(SyntaxError)
      expect(chain.cause).toMatchObject({
        message: 'inner',
        cause: { message: '"a text" was thrown, which is no Error' },
      })
      const parts = await catchError(notes.fail('aggregate', { peer: there }))
      expect(parts['errors']).toMatchObject([{ message: 'one' }, { message: 'two' }])
      expect((parts['errors'] as unknown[])[0]).toBeInstanceOf(TypeError)
    })

    test.each([
      ['own', 'TeapotError', 'short and stout'],
      ['nothing', 'Error', 'undefined was thrown, which is no Error'],
      ['text', 'Error', '"a text" was thrown, which is no Error'],
    ])('anything else is a NetgenError of the code unknown: %s', async (kind, errorName, message) => {
      const error = await catchError(notes.fail(kind, { peer: there }))
      expect(error).toBeInstanceOf(NetgenError)
      expect(error).toMatchObject({ name: errorName, message, code: 'unknown', maybeExecuted: true })
    })

    test('the stack begins with the line that called, then says what happened there', async () => {
      const error = await catchError(callFromHere(notes, there))
      const [header, first, ...rest] = (error.stack ?? '').split('\n')
      expect(header).toBe('TypeError: no such thing')
      expect(first).toMatch(/^ {4}at callFromHere \(.*describe-errors\.ts:\d+:\d+\)$/)
      const label = rest.indexOf(`    --- at ${there.group}@${there.host}:${there.port}, in schema.fail ---`)
      expect(label).toBeGreaterThanOrEqual(0)
      expect(rest[label + 1]).toMatch(/^ {4}at .*type.* \(.*handlers\.ts:\d+:\d+\)$/)
      expect(error.stack).not.toMatch(/\/runtime\/(?:call|wire|transport|traceback)\//)
    })

    test('the stack begins with the line that waits, where many calls are made', async () => {
      // However slow this machine is, they are made at once.
      const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now())
      const others = Array.from({ length: 200 }, () => notes.greet({ peer: there }))
      const failing = catchError(callFromHere(notes, there))
      clock.mockRestore()
      const error = await failing
      await Promise.all(others)
      // The column is the one of `await`, and not of the call.
      expect(error.stack?.split('\n')[1]).toMatch(/^ {4}at (?:async )?callFromHere \(.*describe-errors\.ts:\d+:3\)$/)
    })

    test('the stack begins with the line that waits, where call sites are switched off', async () => {
      const without = await harness.createPeer({ logger: silent, callSites: false })
      const error = await catchError(callFromHere(without.connect(schema), there))
      expect(error.stack?.split('\n')[1]).toMatch(/^ {4}at (?:async )?callFromHere \(.*describe-errors\.ts:\d+:3\)$/)
    })

    test('where it came from is there as data, and not printed', async () => {
      const error = await catchError(notes.fail('type', { peer: there }))
      const remoteData = error['remote'] as { tag: string; errorId: string; hops: Hop[] }
      expect(remoteData).toMatchObject({ tag: 'schema.fail', hops: [{ tag: 'schema.fail' }] })
      expect(remoteData.hops[0]?.frames[0]).toMatchObject({
        file: expect.stringMatching(/handlers\.ts$/),
        async: false,
      })
      expect(Object.keys(error)).not.toContain('remote')
    })

    test('the callee logs a failing handler under the id that the caller sees', async () => {
      const error = await catchError(notes.fail('type', { peer: there }))
      const { errorId } = error['remote'] as { errorId: string }
      expect(logged).toMatchObject([{ message: 'a handler failed', fields: { errorId, tag: 'schema.fail' } }])
      expect(logged[0]?.fields['error']).toMatchObject({ message: 'no such thing' })
    })

    test('what is declared, and what the caller did wrong, is no failure of the callee', async () => {
      await catchError(notes.keep({ id: 'full', body: '' }, { peer: there }))
      await catchError(notes.wait({ ms: 60_000 }, { peer: there, timeoutMs: 30 }))
      expect(logged).toEqual([])
    })

    test('an output that breaks the schema never leaves', async () => {
      const error = await catchError(notes.lie({ peer: there }))
      expect(error).toMatchObject({
        code: 'internal',
        maybeExecuted: true,
        message: 'output of schema.lie is refused: it is 1.5, expected an integer',
      })
      expect(logged).toHaveLength(1)
    })

    test('a call to all that none may fail gives the values, or one error that names who failed', async () => {
      const third = await harness.createPeer({ logger: silent })
      third.connect(schema, new Handlers())
      const values = await notes.greet.allOrThrow()
      expect(values).toEqual([
        { peer: there, value: 'hello' },
        { peer: expect.objectContaining({ id: third.id }), value: 'hello' },
      ])
      await harness.createPeer({ logger: silent })
      const error = await catchError(failEverywhere(notes))
      const labels = [other, third].map(({ group, host, port }) => `${group}@${host}:${port}`)
      expect(error).toBeInstanceOf(AggregateError)
      expect(error.message).toMatch(/^schema\.fail failed at 3 of 3 peers: /)
      expect(error.message).toContain(
        `: ${labels[0]}: TypeError: no such thing; ${labels[1]}: TypeError: no such thing; `,
      )
      expect(error['errors']).toMatchObject([{ message: 'no such thing' }, {}, { code: 'unimplemented' }])
      expect(error['results']).toMatchObject([{ status: 'rejected' }, {}, {}])
      expect(error.stack?.split('\n')[1]).toMatch(/^ {4}at failEverywhere \(.*describe-errors\.ts:\d+:\d+\)$/)
    })

    test('a call to a peer that has closed has not run', async () => {
      await other.close()
      await expect.poll(() => here.peers()).toEqual([])
      const error = await catchError(notes.greet({ peer: there }))
      expect(error).toMatchObject({ code: 'unavailable', maybeExecuted: false })
    })

    test('a call in flight when its peer closes may have run', async () => {
      const call = catchError(notes.wait({ ms: 60_000 }, { peer: there }))
      await expect.poll(() => remote.ran).toEqual(['wait'])
      await other.close({ drainMs: 0 })
      expect(await call).toMatchObject({ code: 'unavailable', maybeExecuted: true })
    })
  })
}

async function callFromHere(notes: SchemaStub, peer: RemotePeer): Promise<void> {
  await notes.fail('type', { peer })
}

async function failEverywhere(notes: SchemaStub): Promise<void> {
  await notes.fail.allOrThrow('type')
}

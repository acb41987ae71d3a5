import type { Peer, RemotePeer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaHandlers, type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { schema as demo } from '../../../fixtures/demo/generated/schema.js'
import { Handlers } from './handlers.js'
import { catchError, type Harness, silent } from './harness.js'

/** The mistakes that users make, and what they are told, whatever carries the calls. */
export function describeMisuse(name: string, createHarness: () => Promise<Harness>): void {
  describe(`misuse over ${name}`, () => {
    let harness: Harness
    let here: Peer
    let other: Peer
    let notes: SchemaStub
    let there: RemotePeer
    let remote: Handlers

    beforeEach(async () => {
      harness = await createHarness()
      here = await harness.createPeer({ logger: silent })
      other = await harness.createPeer({ logger: silent })
      remote = new Handlers()
      notes = here.connect(schema)
      other.connect(schema, remote)
      const [found] = await here.peers()
      if (found === undefined) throw new Error('expected the other peer to be found')
      there = found
    })
    afterEach(() => harness.close())

    /** Calls as JavaScript can, past the type checker. */
    const loosely = (stub: object): Record<string, (...args: unknown[]) => Promise<unknown>> =>
      stub as Record<string, (...args: unknown[]) => Promise<unknown>>

    test.each<[string, unknown[], string]>([
      ['add', [{ left: '5', right: 1 }], 'input of schema.add is refused: /left is "5", expected a number'],
      ['add', [{ left: 5, rigth: 1 }], 'input of schema.add is refused: it lacks "right"; did you mean it by "rigth"?'],
      ['add', [undefined], 'input of schema.add is refused: it is undefined, expected an object'],
      ['add', [{ left: Number.NaN, right: 1 }], 'input of schema.add is refused: /left is NaN, expected a number'],
      ['keep', [{ id: '', body: '' }], 'input of schema.keep is refused: /id is "", expected at least 1 character'],
      [
        'echo',
        [{ when: new Date(0) }],
        'input of schema.echo is refused: at /when an instance of Date cannot travel as JSON: send its plain data',
      ],
      ['echo', [[1, undefined]], 'input of schema.echo is refused: at /1 undefined in an array would become null'],
      [
        'add',
        [{ left: Promise.resolve(5), right: 1 }],
        'input of schema.add is refused: /left is a promise that was not awaited',
      ],
      [
        'add',
        [Promise.resolve({ left: 5, right: 1 })],
        'input of schema.add is refused: it is a promise that was not awaited',
      ],
      [
        'echo',
        [[Promise.resolve(1)]],
        'input of schema.echo is refused: at /0 a promise that was not awaited cannot travel as JSON',
      ],
      ['echo', [10n], 'input of schema.echo is refused: 10n cannot travel as JSON'],
    ])('a wrong input is refused before anything is sent: %s %#', async (connection, args, message) => {
      const error = await catchError(loosely(notes)[connection]?.(...args, { peer: there }) ?? Promise.resolve())
      expect(error).toMatchObject({ message })
    })

    test('a wrong input is invalid_argument, and no handler has run', async () => {
      const error = await catchError(
        loosely(notes)['add']?.({ left: '5', right: 1 }, { peer: there }) ?? Promise.resolve(),
      )
      expect(error).toMatchObject({ name: 'NetgenError', code: 'invalid_argument', maybeExecuted: false })
      expect(error.stack).not.toMatch(/\/runtime\/(?:call|validation)\//)
      expect(remote.ran).toEqual([])
    })

    test('a connection that the other peer does not have', async () => {
      const stub = here.connect(demo)
      const error = await catchError(stub.multiplyValues({ val1: 1, val2: 2 }, { peer: there }))
      expect(error).toMatchObject({ code: 'unimplemented', maybeExecuted: false })
      expect(error.message).toMatch(
        new RegExp(`^${there.group}@${there.host}:${there.port} has no connection "schema.multiplyValues": it has `),
      )
    })

    test.each<[string, unknown, string, string]>([
      [
        'null',
        null,
        'invalid_argument',
        'peer is null, expected a peer, an id or host:port: leave it out to call here',
      ],
      [
        'undefined',
        undefined,
        'invalid_argument',
        'peer is undefined, expected a peer, an id or host:port: leave it out to call here',
      ],
      [
        'a number',
        3010,
        'invalid_argument',
        'peer is 3010, expected a peer from peer.peers(), its id, host:port or any()',
      ],
      [
        'a promise of one',
        Promise.resolve('127.0.0.1:3010'),
        'invalid_argument',
        'peer is a promise that was not awaited, expected a peer from peer.peers(), its id, host:port or any()',
      ],
      [
        'a URL',
        'http://127.0.0.1:3010',
        'invalid_argument',
        'peer "http://127.0.0.1:3010" is a URL, expected host:port alone',
      ],
      [
        'an address without its brackets',
        '::1:3010',
        'invalid_argument',
        'peer "::1:3010" is no address: expected host:port, such as 127.0.0.1:3010 or [::1]:3010',
      ],
      [
        'an id that nobody has',
        'nobody',
        'not_found',
        'peer "nobody" is unknown: peer.peers() lists those that are there',
      ],
    ])('a peer that is none: %s', async (_, peer, code, message) => {
      expect(await catchError(loosely(notes)['greet']?.({ peer }) ?? Promise.resolve())).toMatchObject({
        code,
        message,
        maybeExecuted: false,
      })
    })

    test.each<[string, unknown[], string]>([
      ['a mistyped option', [{ pear: 1 }], 'option "pear" of schema.greet is unknown: did you mean "peer"?'],
      [
        'an unknown option',
        [{ colour: 1 }],
        'option "colour" of schema.greet is unknown: expected peer, timeoutMs, retryMs, signal, detached',
      ],
      [
        'an input where none is taken',
        [undefined, {}],
        'schema.greet was called with 2 arguments, expected (options): it takes no input',
      ],
      ['options that are none', ['x'], 'options of schema.greet are "x", expected an object such as { peer }'],
      ['no time at all', [{ timeoutMs: 0 }], 'timeoutMs is 0, expected whole milliseconds from 1 to 2147483647'],
    ])('call options: %s', async (_, args, message) => {
      const error = await catchError(loosely(notes)['greet']?.(...args) ?? Promise.resolve())
      expect(error).toMatchObject({ code: 'invalid_argument', message })
    })

    test('a peer in place of the options', async () => {
      expect(await catchError(loosely(notes)['greet']?.(there) ?? Promise.resolve())).toMatchObject({
        code: 'invalid_argument',
        message: 'options of schema.greet are a peer, expected an object such as { peer }: put it into one',
      })
    })

    test('a filter that is none', async () => {
      expect(await catchError(here.peers('notes' as never))).toMatchObject({
        code: 'invalid_argument',
        message: 'filter of peers is "notes", expected an object such as { hubsOnly: true }',
      })
    })

    test('a local call without handlers', async () => {
      expect(await catchError(notes.greet())).toMatchObject({
        code: 'unimplemented',
        message: 'schema.greet has no handler here: give peer.connect the handlers, or the call a peer: { peer }',
      })
    })

    test('handlers that lack one, are none, or are connected twice', () => {
      const { greet: _, ...rest } = Object.fromEntries(
        schema.connections.map((connection) => [connection.name, () => undefined]),
      )
      const lacking = { ...rest, great: () => '' } as unknown as SchemaHandlers
      expect(() => here.connect(schema, lacking)).toThrow(
        'handlers of schema lack the function "greet": did you mean it by "great"?',
      )
      expect(() => here.connect(schema, 1 as unknown as SchemaHandlers)).toThrow(
        'handlers of schema are 1, expected an object of functions',
      )
      expect(() => other.connect(schema, new Handlers())).toThrow(
        'schema schema has its handlers already: connect handlers once per peer',
      )
    })

    test('something that is no generated schema', () => {
      expect(() => here.connect({} as typeof schema)).toThrow(
        '{} is no generated schema: import it from the file that `netgen build` wrote',
      )
    })

    test('a peer that is closed', async () => {
      await here.close()
      expect(() => here.connect(schema)).toThrow('this peer is closed: make a new one')
      await expect(here.peers()).rejects.toThrow('this peer is closed: make a new one')
    })
  })
}

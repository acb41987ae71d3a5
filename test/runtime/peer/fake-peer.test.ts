import { createFakePeer, createMemoryNetwork } from 'netgen/testing'
import { describe, expect, expectTypeOf, test } from 'vitest'
import {
  DiskFullError,
  type Note,
  type SchemaHandlers,
  type SchemaStub,
  schema,
} from '../../../fixtures/behaviour/generated/schema.js'
import { catchError } from '../behaviour/harness.js'

const note = { id: '1', body: 'hello' }

/** Something that an application has, and that a test is about. */
async function keepTwice(notes: Pick<SchemaStub, 'keep'>): Promise<string> {
  try {
    await notes.keep(note)
    await notes.keep({ ...note, id: '2' })
    return 'kept'
  } catch (error) {
    if (error instanceof DiskFullError) return `${error.data.freeBytes} bytes are free`
    throw error
  }
}

describe('a fake peer', () => {
  test('answers as it is told, to code that is given its stub, and remembers the calls', async () => {
    await using fake = await createFakePeer(schema, { handlers: { keep: (kept) => kept } })
    expect(await keepTwice(fake.stub)).toBe('kept')
    expect(fake.calls.keep.map(({ input }) => input)).toEqual([note, { ...note, id: '2' }])
    expect(fake.calls.add).toEqual([])
    expectTypeOf(fake.calls.keep[0]?.input).toEqualTypeOf<Note | undefined>()
    expectTypeOf(fake.calls.greet[0]?.input).toEqualTypeOf<undefined>()
  })

  test('throws declared errors as their classes', async () => {
    await using fake = await createFakePeer(schema)
    fake.handle({
      keep: () => {
        throw new DiskFullError({ freeBytes: 7 })
      },
    })
    expect(await keepTwice(fake.stub)).toBe('7 bytes are free')
    expect(fake.calls.keep).toHaveLength(1)
  })

  test('says what to do where a connection has no answer', async () => {
    await using fake = await createFakePeer(schema)
    expect(await catchError(fake.stub.add({ left: 1, right: 2 }))).toMatchObject({
      code: 'unimplemented',
      message: 'the fake peer has no handler for schema.add: give it one, such as fake.handle({ add: () => … })',
    })
    expect(fake.calls.add).toHaveLength(1)
  })

  test('is found and called by others of its network, under their names', async () => {
    await using network = createMemoryNetwork()
    const fake = await createFakePeer(schema, { network, handlers: { greet: () => 'hi' } })
    const here = await network.createPeer()
    const [found] = await here.peers()
    expect(found?.id).toBe(fake.peer.id)
    expect(await here.connect(schema).greet({ peer: fake.peer.id })).toBe('hi')
    expect(fake.calls.greet.map(({ context }) => context.caller?.id)).toEqual([here.id])
    network.disconnect(here, fake.peer)
    expect(await catchError(here.connect(schema).greet({ peer: fake.peer.id, retryMs: 0 }))).toMatchObject({
      code: 'unavailable',
    })
  })

  test('has its inputs and answers checked as they would be later', async () => {
    await using fake = await createFakePeer(schema, { handlers: { add: () => 'three' as unknown as number } })
    expect(await catchError(fake.stub.add({ left: 1, right: 2 }))).toMatchObject({
      code: 'internal',
      message: 'output of schema.add is refused: it is "three", expected a number',
    })
    const wrong = fake.stub.add({ left: '1' as unknown as number, right: 2 })
    expect(await catchError(wrong)).toMatchObject({ code: 'invalid_argument' })
    expect(fake.calls.add).toHaveLength(1)
  })

  test('goes back to what it was made with', async () => {
    await using fake = await createFakePeer(schema, { handlers: { greet: () => 'first' } })
    fake.handle({ greet: () => 'second', add: () => 3 })
    expect(await fake.stub.greet()).toBe('second')
    fake.reset()
    expect(await fake.stub.greet()).toBe('first')
    expect(fake.calls.greet).toHaveLength(1)
    expect(await catchError(fake.stub.add({ left: 1, right: 2 }))).toMatchObject({ code: 'unimplemented' })
  })

  test('takes handlers of a class', async () => {
    class Greeter {
      readonly #name = 'ada'
      greet(): string {
        return `hello ${this.#name}`
      }
    }
    await using fake = await createFakePeer(schema, { handlers: new Greeter() })
    expect(await fake.stub.greet()).toBe('hello ada')
  })

  test.each<[unknown, string]>([
    [{ great: () => '' }, 'schema has no connection "great": did you mean "greet"?'],
    [{ greet: 'hello' }, 'handler "greet" of schema is "hello", expected a function'],
  ])('refuses handlers that are none: %j', async (handlers, message) => {
    const made = createFakePeer(schema, { handlers: handlers as Partial<SchemaHandlers> })
    expect(await catchError(made)).toMatchObject({ code: 'invalid_argument', message })
    await using fake = await createFakePeer(schema)
    expect(() => fake.handle(handlers as Partial<SchemaHandlers>)).toThrow(message)
  })
})

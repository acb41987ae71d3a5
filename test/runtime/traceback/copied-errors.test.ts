import { formatTraceback, NetgenError } from 'netgen/runtime'
import { createMemoryNetwork, type MemoryNetwork } from 'netgen/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from '../behaviour/handlers.js'
import { catchError, silent } from '../behaviour/harness.js'

/** What is left of an error of another peer in a copy of it, made by those who cannot know what it is. */
describe('a copy of an error that came from another peer', () => {
  let network: MemoryNetwork
  let error: Error
  const labels = (text: string | undefined): string[] => text?.match(/--- at .* ---$/gm) ?? []
  const LABEL = '--- at default@memory:1, in schema.fail ---'

  const fail = async (kind: string): Promise<Error> => {
    const there = await network.createPeer({ logger: silent })
    there.connect(schema, new Handlers())
    const here = await network.createPeer({ logger: silent })
    return catchError(here.connect(schema).fail(kind, { peer: there.id }))
  }

  beforeAll(async () => {
    network = createMemoryNetwork()
    error = await fail('cause')
  })
  afterAll(() => network.close())

  test('by structuredClone keeps its built-in class, its printed traceback, and its causes with theirs', () => {
    const clone = structuredClone(error)
    expect(Object.getPrototypeOf(clone)).toBe(RangeError.prototype)
    expect([clone.name, clone.message, clone.stack]).toEqual([error.name, error.message, error.stack])
    expect(clone.cause).toBeInstanceOf(SyntaxError)
    expect((clone.cause as Error).stack).toBe((error.cause as Error).stack)
    // Where another peer was started is not in a stack: the source around its lines is not looked for.
    const withoutSource = (text: string): string => text.replace(/^ +>? *\d* \|.*\n/gm, '')
    const printed = withoutSource(formatTraceback(error)).replace(/^.*maybeExecuted.*$\n?/gm, '')
    expect(`${withoutSource(formatTraceback(clone))}\n`).toBe(printed)
  })

  test('by structuredClone is an Error where its class is no built-in, and still says in its stack what it was', async () => {
    const own = await fail('own')
    const clone = structuredClone(own)
    expect(own).toBeInstanceOf(NetgenError)
    expect(clone).not.toBeInstanceOf(NetgenError)
    expect([clone.name, clone.message, clone.stack]).toEqual(['Error', own.message, own.stack])
    expect(clone.stack).toMatch(/^TeapotError: short and stout\n/)
  })

  test('by structuredClone, thrown on by a handler, is one traceback at the next peer', async () => {
    const handlers = Object.assign(new Handlers(), {
      greet: (): never => {
        throw structuredClone(error)
      },
    })
    const middle = await network.createPeer({ logger: silent })
    middle.connect(schema, handlers)
    const first = await network.createPeer({ logger: silent })
    const passed = await catchError(first.connect(schema).greet({ peer: middle.id }))
    expect(passed).toBeInstanceOf(RangeError)
    expect(labels(passed.stack)).toEqual([`--- at default@memory:${middle.port}, in schema.greet ---`, LABEL])
    expect(labels((passed.cause as Error).stack).at(-1)).toBe(LABEL)
  })

  test('wrapped in another error keeps its own traceback as that of the cause, here and at the next peer', async () => {
    const handlers = Object.assign(new Handlers(), {
      greet: (): never => {
        throw new Error('could not greet', { cause: error })
      },
    })
    const middle = await network.createPeer({ logger: silent })
    middle.connect(schema, handlers)
    const first = await network.createPeer({ logger: silent })
    const passed = await catchError(first.connect(schema).greet({ peer: middle.id }))
    expect(passed.message).toBe('could not greet')
    expect(labels(passed.stack)).toEqual([`--- at default@memory:${middle.port}, in schema.greet ---`])
    expect((passed.cause as Error).message).toBe('outer')
    expect(labels((passed.cause as Error).stack).at(-1)).toBe(LABEL)
  })

  test('with the stack alone taken over, as wrappers do, prints the same blocks', () => {
    const wrapped = new Error(error.message)
    wrapped.stack = `Error: ${error.stack}`
    expect(labels(formatTraceback(wrapped))).toEqual([LABEL])
  })
})

import { createTokenSender, createTokenVerifier, type FindToken } from 'netgen/interceptors'
import { createContextKey, type LogFields, netgen } from 'netgen/runtime'
import { createMemoryNetwork, type MemoryNetwork } from 'netgen/testing'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SchemaStub, schema } from '../../../fixtures/behaviour/generated/schema.js'
import { Handlers } from '../behaviour/handlers.js'
import { catchError, silent } from '../behaviour/harness.js'

interface User {
  readonly name: string
}

const userKey = createContextKey<User>('user')
const users = new Map<string, User>([
  ['ada-token', { name: 'ada' }],
  ['bob-token', { name: 'bob' }],
])

describe('a token', () => {
  let network: MemoryNetwork
  let target: string
  let handlers: Handlers
  let logged: unknown[]

  beforeEach(async () => {
    network = createMemoryNetwork()
    logged = []
    const write = (message: string, fields: LogFields): void => void logged.push(message, fields)
    const logger = { debug: write, info: write, warn: write, error: write }
    const callee = [createTokenVerifier({ users, key: userKey })]
    const peer = await network.createPeer({ logger, interceptors: { callee } })
    handlers = new Handlers()
    peer.connect(schema, handlers)
    target = peer.id
  })
  afterEach(() => network.close())

  async function connect(token: string | FindToken): Promise<SchemaStub> {
    const caller = [createTokenSender(token)]
    return (await network.createPeer({ logger: silent, interceptors: { caller } })).connect(schema)
  }

  test.each([
    ['ada-token', 'ada'],
    ['bob-token', 'bob'],
  ])('that is known lets the call pass, and its handler finds the user: %s', async (token, name) => {
    for (const source of [token, () => token, async () => token]) {
      await (await connect(source)).add({ left: 1, right: 2 }, { peer: target })
    }
    expect(handlers.contexts.map(({ values }) => values.require(userKey))).toEqual(Array(3).fill({ name }))
  })

  test.each<[string, string | FindToken]>([
    ['wrong', 'ada-tokem'],
    ['shorter', 'ada-toke'],
    ['longer', 'ada-token '],
    ['of other case', 'Ada-token'],
    ['a name of Object.prototype', 'constructor'],
    ['in any script', '日本 ✓'],
    ['missing', () => undefined],
  ])('that is %s lets nothing run, and is repeated nowhere', async (_, token) => {
    const error = await catchError((await connect(token)).add({ left: 1, right: 2 }, { peer: target }))
    expect(error).toMatchObject({
      code: 'unauthenticated',
      message: 'token for schema.add is missing or wrong',
      maybeExecuted: false,
    })
    expect(handlers.ran).toEqual([])
    const texts = JSON.stringify([logged, error, error.message, error.stack])
    expect(texts.includes(typeof token === 'string' ? token.trim() : 'Bearer')).toBe(false)
  })

  test('that stands without its scheme is none', async () => {
    const caller = await network.createPeer({
      logger: silent,
      interceptors: {
        caller: [
          (call, next) => {
            call.metadata.set('authorization', 'ada-token')
            return next()
          },
        ],
      },
    })
    const error = await catchError(caller.connect(schema).greet({ peer: target }))
    expect(error).toMatchObject({ code: 'unauthenticated' })
  })

  test("guards netgen's own connections too", async () => {
    const stranger = await network.createPeer({ logger: silent })
    const error = await catchError(stranger.connect(netgen).info({ peer: target }))
    expect(error).toMatchObject({ code: 'unauthenticated', message: 'token for netgen.info is missing or wrong' })
  })

  test('is chosen by the call', async () => {
    const targets: unknown[] = []
    const stub = await connect((call) => {
      targets.push(call.target)
      return call.tag === 'schema.greet' ? 'ada-token' : undefined
    })
    expect(await stub.greet({ peer: target })).toBe('hello')
    expect(await catchError(stub.add({ left: 1, right: 2 }, { peer: target }))).toMatchObject({
      code: 'unauthenticated',
    })
    expect(targets).toEqual([target, target])
  })

  test.each<[unknown, string]>([
    ['', 'empty'],
    [undefined, 'undefined'],
    [null, 'null'],
    [5, 'number'],
  ])('cannot be %j', async (token, found) => {
    const want = expect.objectContaining({
      code: 'invalid_argument',
      message: `a token is ${found}, expected a text that is not empty`,
    })
    expect(() => createTokenSender(token as string)).toThrow(want)
    expect(() => createTokenVerifier({ users: new Map([[token as string, 'x']]), key: createContextKey('x') })).toThrow(
      want,
    )
  })

  test('that a function finds cannot be empty either', async () => {
    const error = await catchError((await connect(() => '')).greet({ peer: target }))
    expect(error).toMatchObject({ message: 'a token is empty, expected a text that is not empty' })
  })
})

import { createRequire } from 'node:module'
import { Writable } from 'node:stream'
import { createMemoryNetwork, type MemoryNetwork } from 'netgen/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { schema } from '../../../fixtures/chain/generated/schema.js'
import { countItems } from '../../../fixtures/chain/shelf.js'
import { reserveItem } from '../../../fixtures/chain/stock.js'
import { silent } from '../../runtime/behaviour/harness.js'
import { prepareToolchains } from '../../toolchains/toolchains.js'

const toolchains = await prepareToolchains()
const reason = toolchains.isThere ? '' : ` (skipped: ${toolchains.reason})`

/** What the tests use of loggers and of Sentry. */
type Pino = (
  options: object,
  stream: { write(line: string): void },
) => { error(error: unknown, message?: string): void }
interface Winston {
  createLogger(options: object): {
    error(...args: unknown[]): void
    on(event: 'finish', done: () => void): void
    end(): void
  }
  readonly format: {
    combine(...formats: object[]): object
    errors(options: object): object
    json(): object
  }
  readonly transports: { readonly Stream: new (options: { stream: Writable }) => object }
}
interface SentryException {
  readonly type: string
  readonly value: string
  readonly stacktrace?: { readonly frames: readonly { filename?: string; function?: string; lineno?: number }[] }
}
interface Sentry {
  createStackParser(parser: unknown): unknown
  eventFromUnknownInput(client: object, parser: unknown, error: unknown, hint: object): object
  applyAggregateErrorsToEvent(
    toException: unknown,
    parser: unknown,
    key: 'cause',
    limit: number,
    event: object,
    hint: object,
  ): void
  readonly exceptionFromError: unknown
}
interface SentryServer {
  nodeStackLineParser(): unknown
}

function load<Package>(name: string): Package {
  if (!toolchains.isThere) throw new Error(toolchains.reason)
  return createRequire(toolchains.locate('netgen.js'))(name) as Package
}

describe.skipIf(!toolchains.isThere)(`an error that passed two peers${reason}`, () => {
  let network: MemoryNetwork
  let error: Error

  beforeAll(async () => {
    network = createMemoryNetwork()
    const shelf = await network.createPeer({ logger: silent })
    const nothing = { placeOrder: () => undefined, reserveItem: () => undefined }
    shelf.connect(schema, { ...nothing, countItems: ({ item }) => countItems(item) })
    const stock = await network.createPeer({ logger: silent })
    const onwards = stock.connect(schema)
    stock.connect(schema, {
      ...nothing,
      countItems: () => 0,
      reserveItem: ({ item }) => reserveItem(onwards, item, shelf.id),
    })
    const shop = (await network.createPeer({ logger: silent })).connect(schema)
    const buyTea = async (): Promise<void> => {
      await shop.reserveItem({ item: 'tea' }, { peer: stock.id })
    }
    error = await buyTea().then(
      () => expect.fail('expected it to fail'),
      (thrown: Error) => thrown,
    )
  })
  afterAll(() => network.close())

  const STACK = [
    'TypeError: there is no shelf for tea',
    '    at buyTea (loggers.test.ts)',
    '    at loggers.test.ts',
    '    --- at default@memory:2, in schema.reserveItem ---',
    '    at reserveItem (stock.ts)',
    '    at Object.reserveItem (loggers.test.ts)',
    '    --- at default@memory:1, in schema.countItems ---',
    '    at countItems (shelf.ts)',
  ]
  const CAUSE = [
    "Error: ENOENT: no such file or directory, open 'shelves/tea.txt'",
    '    --- at default@memory:1, in schema.countItems ---',
    '    at countItems (shelf.ts)',
  ]

  test("pino's serialiser has the traceback, with that of the cause behind it", () => {
    const pino = load<Pino>('pino')
    const lines: string[] = []
    pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) }).error(error, 'no tea')
    const { err, ...entry } = JSON.parse(lines.join('')) as { err: { stack: string } }
    expect(entry).toEqual({ level: 50, msg: 'no tea' })
    expect(err).toEqual({
      type: 'TypeError',
      message: "there is no shelf for tea: ENOENT: no such file or directory, open 'shelves/tea.txt'",
      stack: expect.any(String),
    })
    const [first, ...rest] = CAUSE
    expect(shorten(err.stack)).toEqual([...STACK, `caused by: ${first}`, ...rest])
  })

  test("winston's errors have the traceback, and the properties of the cause", async () => {
    const winston = load<Winston>('winston')
    const lines: string[] = []
    const stream = new Writable({
      write: (chunk, _, done) => {
        lines.push(String(chunk))
        done()
      },
    })
    const { combine, errors, json } = winston.format
    const logger = winston.createLogger({
      format: combine(errors({ stack: true, cause: true }), json()),
      transports: [new winston.transports.Stream({ stream })],
    })
    logger.error(error)
    await new Promise<void>((resolve) => {
      logger.on('finish', resolve)
      logger.end()
    })
    const { stack, ...entry } = JSON.parse(lines.join('')) as { stack: string }
    expect(shorten(stack)).toEqual(STACK)
    expect(entry).toEqual({
      level: 'error',
      message: 'there is no shelf for tea',
      // The message of a cause is lost there for any error: JSON holds only what is enumerable.
      cause: { errno: -2, code: 'ENOENT', syscall: 'open', path: 'shelves/tea.txt' },
    })
  })

  test('Sentry reads every frame, of an error that was wrapped in another too', () => {
    const sentry = load<Sentry>('@sentry/core')
    const parser = sentry.createStackParser(load<SentryServer>('@sentry/core/server').nodeStackLineParser())
    const wrapped = new Error('could not buy tea', { cause: error })
    const client = { getOptions: () => ({}), getIntegrationByName: () => undefined }
    const event = sentry.eventFromUnknownInput(client, parser, wrapped, {}) as {
      exception: { values: SentryException[] }
    }
    sentry.applyAggregateErrorsToEvent(sentry.exceptionFromError, parser, 'cause', 5, event, {
      originalException: wrapped,
    })
    const [cause, failure, outermost] = event.exception.values
    expect([outermost?.value, failure?.type, failure?.value, cause?.value]).toEqual([
      'could not buy tea',
      'TypeError',
      'there is no shelf for tea',
      "ENOENT: no such file or directory, open 'shelves/tea.txt'",
    ])
    // Sentry shows the innermost last; a label is a frame without a line.
    const read = ({ stacktrace }: SentryException): unknown[] =>
      (stacktrace?.frames ?? [])
        .filter(({ filename }) => !filename?.includes('node_modules'))
        .map(({ function: name, filename, lineno }) => [
          name,
          filename?.replace(/^.*\/(?=[^/]+\.ts$)/, ''),
          lineno !== undefined,
        ])
        .reverse()
    expect(failure && read(failure)).toEqual([
      ['buyTea', 'loggers.test.ts', true],
      ['?', 'loggers.test.ts', true],
      ['?', 'default@memory:2, in schema.reserveItem ---', false],
      ['reserveItem', 'stock.ts', true],
      ['Object.reserveItem', 'loggers.test.ts', true],
      ['?', 'default@memory:1, in schema.countItems ---', false],
      ['countItems', 'shelf.ts', true],
    ])
    expect(cause && read(cause)).toEqual([
      ['?', 'default@memory:1, in schema.countItems ---', false],
      ['countItems', 'shelf.ts', true],
    ])
  })
})

/** The lines of a stack, without the test runner's, and with no more of a place than the file's name. */
function shorten(stack: string): string[] {
  return stack
    .split('\n')
    .filter((line) => !line.includes('node_modules'))
    .map((line) => line.replace(/(?:\/\S*\/|test\/\S*\/|fixtures\/\S*\/)?([\w.-]+\.ts):\d+:\d+/, '$1'))
}

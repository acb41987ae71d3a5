import { createMemoryNetwork } from 'netgen/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { events } from '../../../fixtures/behaviour/generated/events.js'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import type { LogFields, Logger } from '../../../runtime/api/logger.js'
import { guardLogger } from '../../../runtime/peer/guard-logger.js'
import { Handlers } from '../behaviour/handlers.js'

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

let written: string[]
beforeEach(() => {
  written = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    written.push(String(text))
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
})

const hostile = new Proxy(
  {},
  {
    getPrototypeOf: () => {
      throw new Error('no prototype')
    },
  },
)

describe('a logger that is guarded', () => {
  test('gets what it is told, as itself, and keeps what else it has', () => {
    class Kept implements Logger {
      readonly entries: [string, string, LogFields][] = []
      debug = (message: string, fields: LogFields): void => void this.entries.push(['debug', message, fields])
      info(message: string, fields: LogFields): void {
        this.entries.push(['info', message, fields])
      }
      warn = this.debug
      error = this.debug
      count(): number {
        return this.entries.length
      }
    }
    const kept = new Kept()
    const guarded = guardLogger(Object.freeze(kept))
    guarded.info('one', { a: 1 })
    guarded.debug('two', { b: 2 })
    expect(kept.entries).toEqual([
      ['info', 'one', { a: 1 }],
      ['debug', 'two', { b: 2 }],
    ])
    expect((guarded as Kept).count()).toBe(2)
  })

  test('runs what else it has on itself, private fields and setters among it', () => {
    class Private implements Logger {
      #level = 'info'
      debug(): void {}
      info(): void {}
      warn(): void {}
      error(): void {}
      get level(): string {
        return this.#level
      }
      set level(level: string) {
        this.#level = level
      }
      child(): string {
        return `a child at ${this.#level}`
      }
    }
    const logger = new Private()
    const guarded = guardLogger(logger) as Private
    guarded.level = 'debug'
    expect([guarded.child(), logger.level, 'child' in guarded]).toEqual(['a child at debug', 'debug', true])
  })

  test.each<[string, () => unknown]>([
    ['throws', () => expect.fail('the disk is full')],
    ['throws what is no error', () => Promise.reject(hostile)],
    ['rejects', async () => expect.fail('the disk is full')],
    ['answers what has no prototype', () => hostile],
  ])('that %s disturbs nobody, and is told of once', async (_, write) => {
    const guarded = guardLogger({ debug: write, info: write, warn: write, error: write } as Logger)
    for (const level of LEVELS) guarded[level]('an entry', {})
    await new Promise((resolve) => setImmediate(resolve))
    expect(written).toHaveLength(1)
    expect(written[0]).toMatch(/^netgen:ERROR\tthe logger that a peer was given fails \{\}\n/)
  })
})

test('peers whose loggers throw call, fail, emit and hear as all others', async () => {
  const refuse = (): never => expect.fail('the disk is full')
  const logger = { debug: refuse, info: refuse, warn: refuse, error: refuse }
  await using network = createMemoryNetwork()
  const [here, there] = [await network.createPeer({ logger }), await network.createPeer({ logger })]
  there.connect(schema, new Handlers())
  expect(await here.connect(schema).add({ left: 1, right: 2 }, { peer: there.id })).toBe(3)
  await expect(here.connect(schema).fail('x', { peer: there.id })).rejects.toThrow(Error)
  const heard: unknown[] = []
  const failures: unknown[] = []
  const publisher = there.connect(events)
  publisher.said.onDeliveryFailure((failure) => failures.push(failure))
  await here.connect(events).said.subscribe((payload) => {
    heard.push(payload)
    if (heard.length === 1) throw new RangeError('no room')
  })
  expect(await publisher.said.emit('one')).toMatchObject({ delivered: 1 })
  expect(await publisher.said.emit('two')).toMatchObject({ delivered: 1 })
  await expect.poll(() => heard).toHaveLength(2)
  await expect.poll(() => failures).toHaveLength(1)
})

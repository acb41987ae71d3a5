import { describe, expect, test } from 'vitest'
import type { LogReaderOptions } from '../../../runtime/transport/event-log.js'
import { compareReader, describeReader } from '../../../runtime/transport/nats/jetstream/describe-reader.js'
import { compareStream, describeStream } from '../../../runtime/transport/nats/jetstream/describe-stream.js'
import { printMessageId, readMessageId } from '../../../runtime/transport/nats/jetstream/message-headers.js'
import { nameConsumer, nameDead, nameEvent, nameStreams } from '../../../runtime/transport/nats/jetstream/names.js'
import { parseDelivery } from '../../../runtime/transport/nats/jetstream/parse-delivery.js'
import { PullWindow } from '../../../runtime/transport/nats/jetstream/pull-window.js'
import { RecentDeliveries } from '../../../runtime/transport/nats/jetstream/recent-deliveries.js'

describe('a name at the engine', () => {
  test.each<[string, string]>([
    [nameEvent('shop', 'orders.placed'), 'ng.shop.d.orders.placed'],
    [nameEvent('the shop', 'Grüße'), 'ng.~dGhlIHNob3A.d.~R3LDvMOfZQ'],
    [nameEvent('shop', 'a..b'), 'ng.shop.d.~YS4uYg'],
    [nameEvent('shop', '>'), 'ng.shop.d.~Pg'],
    [nameDead('shop', 'orders.placed', 'accounting'), 'ng.shop.dead.orders.placed.accounting'],
    [nameConsumer('orders.placed', 'accounting'), 'orders+placed=accounting'],
  ])('%s is %s', (name, want) => expect(name).toBe(want))

  test('of a stream is its group, and never that of another one', () => {
    expect(nameStreams('shop')).toMatchObject({ events: 'ng_shop', dead: 'ngdead_shop' })
    const long = ['x', 'y'].map((end) => nameStreams(`${'ü'.repeat(120)}${end}`).events)
    expect(new Set(long).size).toBe(2)
    for (const name of long) expect(name.length).toBeLessThanOrEqual(255)
  })
})

test.each([
  [
    '$JS.ACK.ng_shop.orders=a.3.17.20.1700000000123456789.5',
    { deliveries: 3, sequence: 17, storedAtMs: 1_700_000_000_123, key: '17.1700000000123456789' },
  ],
  [
    '$JS.ACK._.hash.ng_shop.orders=a.1.17.20.1700000000123456789.5.random',
    { deliveries: 1, sequence: 17, storedAtMs: 1_700_000_000_123, key: '17.1700000000123456789' },
  ],
  ['_INBOX.a.b', undefined],
  ['$JS.ACK.a.b', undefined],
])('the reply subject %s says %j', (reply, want) => expect(parseDelivery(reply)).toEqual(want))

test.each([
  [undefined, undefined],
  ['', undefined],
  [printMessageId('ng.shop.d.a', 'order-7'), 'order-7'],
  ['of-another-client', 'of-another-client'],
])('the message id %j has the id %j', (text, id) => expect(readMessageId(text)).toBe(id))

const OPTIONS: LogReaderOptions = {
  tag: 'a',
  name: 'n',
  from: undefined,
  isOrdered: false,
  concurrency: 1,
  silenceMs: 10_000,
}

test.each([
  [{}, {}, undefined],
  [{ from: 'all' }, {}, undefined],
  [{}, { from: 'all' }, { option: 'from', found: '"new"', wanted: '"all"' }],
  [{ isOrdered: true }, {}, { option: 'ordered', found: 'true', wanted: 'false' }],
  [{ silenceMs: 1_000 }, {}, { option: 'silenceMs', found: '1000', wanted: '10000' }],
  [
    { from: new Date(0) },
    { from: new Date(1) },
    { option: 'from', found: '1970-01-01T00:00:00.000Z', wanted: '1970-01-01T00:00:00.001Z' },
  ],
  [{ from: { sequence: 3 } }, { from: { sequence: 3 } }, undefined],
] as const)('a consumer of %j differs from %j by %j', (had, wanted, difference) => {
  const found = describeReader('a=n', 'ng.g.d.a', { ...OPTIONS, ...had } as LogReaderOptions)
  expect(compareReader({ ...OPTIONS, ...wanted } as LogReaderOptions, found)).toEqual(difference)
})

const WANTED = describeStream('s', 'ng.g.d.>', { replicas: 1, maxAgeMs: 60_000, maxBytes: undefined })

test.each([
  [{}, [], []],
  [{ subjects: ['more', 'ng.g.d.>'] }, [], []],
  [{ subjects: ['more'] }, ['subjects: ["more"] instead of ["ng.g.d.>"]'], []],
  [{ retention: 'workqueue' }, ['retention: "workqueue" instead of "limits"'], []],
  [{ sealed: true }, ['sealed: true instead of false'], []],
  [{ storage: 'memory', num_replicas: 3 }, [], ['storage: "memory" instead of "file"', 'num_replicas: 3 instead of 1']],
] as const)('a stream with %j has the differences %j and %j', (changed, essential, others) => {
  expect(compareStream(WANTED, { ...WANTED, ...changed } as typeof WANTED)).toEqual({ essential, others })
})

test('ids are remembered for no longer than events are kept', () => {
  expect(WANTED.duplicate_window).toBe(60_000_000_000)
})

test('a reader that is fast holds more and more, up to a limit', () => {
  const window = new PullWindow(2)
  const sizes: number[] = []
  for (let count = 0; count < 2_000; count++) {
    window.finish()
    sizes.push(window.size)
  }
  expect([sizes[0], sizes.at(-1)]).toEqual([2, 258])
})

test('what was finished is remembered, and what may be lost of it is known', () => {
  const recent = new RecentDeliveries()
  for (let number = 0; number < 10_000; number++) recent.add(`${number}`, `reply ${number}`)
  expect([recent.has('9999'), recent.has('6000'), recent.has('10')]).toEqual([true, true, false])
  expect(recent.unsafe.at(-1)).toBe('reply 9999')
})

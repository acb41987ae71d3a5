import { expect, test } from 'vitest'
import type { PeerChange } from '../../../runtime/api/peer.js'
import type { RemotePeer } from '../../../runtime/api/remote-peer.js'
import { refuse } from '../../../runtime/errors/refuse.js'
import { ConnectedEvent } from '../../../runtime/events/connected-event.js'
import { Inbox } from '../../../runtime/events/subscriber/inbox.js'
import { readSubscribeOptions } from '../../../runtime/events/subscriber/read-subscribe-options.js'
import { Subscriptions } from '../../../runtime/events/subscriber/subscriptions.js'
import type { EventChecks } from '../../../runtime/validation/validate.js'
import type { Feed, FeedListener } from '../../../runtime/wire/events.js'
import { MAX_WAITING_EVENTS } from '../../../runtime/wire/limits.js'
import { catchError, silent } from '../behaviour/harness.js'

const own: RemotePeer = { id: 'own', group: 'notes', hub: false, host: '127.0.0.1', port: 3010 }
const publisher: RemotePeer = { ...own, id: 'publisher', port: 3011 }
const checks: EventChecks = { payload: () => true, jsonSchemas: '{}' }

/** A promise that the test resolves. */
class Later<Value> {
  resolve: (value: Value) => void = () => {}
  readonly promise: Promise<Value> = new Promise((resolve) => {
    this.resolve = resolve
  })
}

/** The subscriptions of a peer whose others answer when the test lets them. */
class Bench {
  readonly warnings: [string, unknown][] = []
  listed: Later<RemotePeer[]> = new Later()
  followers = 0
  opened = 0
  tell: (change: PeerChange) => void = () => {}
  open: (listener: FeedListener) => Feed = () => {
    throw refuse('unimplemented', 'publisher has no events')
  }
  readonly subscriptions: Subscriptions = new Subscriptions({
    self: () => own,
    peers: {
      list: () => this.listed.promise,
      follow: (listener) => {
        this.followers++
        this.tell = listener
        return () => this.followers--
      },
    },
    open: (_peer, _tag, listener) => {
      this.opened++
      return this.open(listener)
    },
    describeFailure: () => expect.fail('nothing is emitted'),
    logger: { ...silent, warn: (message, fields) => this.warnings.push([message, fields['peer']]) },
  })

  subscribe(options: object = {}, load: () => Promise<EventChecks> = async () => checks) {
    const event = new ConnectedEvent({ name: 'said', tag: 'notes.said', load } as never)
    const settings = readSubscribeOptions('notes.said', options, 'notes')
    return this.subscriptions.open(event, () => {}, settings)
  }
}

test('a peer that is closed while the checks are loaded is not subscribed any more', async () => {
  const bench = new Bench()
  const loaded = new Later<EventChecks>()
  const subscribing = catchError(bench.subscribe({}, () => loaded.promise))
  bench.subscriptions.close()
  loaded.resolve(checks)
  bench.listed.resolve([])
  expect(await subscribing).toMatchObject({
    code: 'failed_precondition',
    message: 'this peer is closed: make a new one',
  })
  expect([bench.followers, bench.subscriptions.byTag.size]).toEqual([0, 0])
})

test('whom a subscription that was closed meanwhile finds is nobody to the next one', async () => {
  const bench = new Bench()
  const controller = new AbortController()
  const closing = bench.subscribe({ signal: controller.signal })
  await expect.poll(() => bench.followers).toBe(1)
  controller.abort()
  bench.listed.resolve([publisher])
  await closing
  // By then the publisher has left, which nobody was there to hear.
  bench.listed = new Later()
  bench.listed.resolve([])
  await bench.subscribe()
  expect([bench.followers, bench.opened]).toEqual([1, 0])
  bench.subscriptions.close()
})

test('what was dropped of a publisher that sends nothing more is told when all others are handled', async () => {
  const told: unknown[] = []
  let goOn = (): void => {}
  const inbox = new Inbox({
    tag: 'notes.said',
    checks,
    handler: (payload) => {
      if (payload === 'first') return new Promise<void>((resolve) => (goOn = resolve))
      told.push(payload)
      return undefined
    },
    onGap: ({ peer: { id }, from, missed }) => told.push({ id, from, missed }),
    logger: silent,
    onFailure: () => expect.fail('nothing fails'),
  })
  const other = { ...publisher, id: 'another' }
  const take = (peer: RemotePeer, sequence: number, payload: unknown): void =>
    inbox.take(peer, { sequence, payload, emittedAtMs: 0 }, 0, 1)
  take(publisher, 1, 'first')
  for (const sequence of [2, 3, 4]) take(publisher, sequence, 'lost')
  for (let sequence = 1; sequence <= MAX_WAITING_EVENTS; sequence++) take(other, sequence, sequence)
  goOn()
  await expect.poll(() => told.length).toBe(MAX_WAITING_EVENTS + 1)
  expect(told.at(-1)).toEqual({ id: 'publisher', from: 2, missed: 3 })
})

test('a publisher that refuses for good is warned of once', async () => {
  const bench = new Bench()
  bench.listed.resolve([publisher, { ...publisher, id: 'another' }])
  await bench.subscribe()
  await expect.poll(() => bench.opened, { timeout: 10_000 }).toBeGreaterThanOrEqual(8)
  bench.subscriptions.close()
  expect(bench.warnings).toEqual([
    ['a peer cannot be subscribed to now', 'publisher'],
    ['a peer cannot be subscribed to now', 'another'],
  ])
})

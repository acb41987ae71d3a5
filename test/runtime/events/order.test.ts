import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RemotePeer } from '../../../runtime/api/remote-peer.js'
import { OpenEmission } from '../../../runtime/events/publisher/open-emission.js'
import { Publisher } from '../../../runtime/events/publisher/publisher.js'
import { Inbox } from '../../../runtime/events/subscriber/inbox.js'
import type { Lane } from '../../../runtime/events/subscriber/lane.js'
import { PublisherFeed } from '../../../runtime/events/subscriber/publisher-feed.js'
import type { EventSink, EventWay, Feed, FeedListener } from '../../../runtime/wire/events.js'
import { handOutEvents, readEvents } from '../../../runtime/wire/read-events.js'
import type { SharedLines } from '../../../runtime/wire/shared-lines.js'

const publisherPeer: RemotePeer = { id: 'publisher', group: 'notes', hub: false, host: '127.0.0.1', port: 3010 }
const logger = { debug() {}, info() {}, warn() {}, error() {} }

/** A session whose bytes arrive when the test lets them, and that can be lost with them. */
class FakeSession implements EventSink, EventWay, Feed {
  readonly subscriber = { id: 'subscriber', group: 'notes' }
  readonly reader = 'subscriber'
  readonly way = this
  readonly #publisher: Publisher
  readonly #listener: FeedListener
  readonly #underWay: (() => void)[] = []
  #resume: (() => void) | undefined
  #isSlow = false
  isOver = false

  constructor(publisher: Publisher, listener: FeedListener) {
    this.#publisher = publisher
    this.#listener = listener
    this.renew()
  }

  renew(): void {
    const kept = this.#publisher.keep(this, 'notes.counted')
    this.#underWay.push(() => this.#listener.onKept(kept))
  }

  send({ text }: SharedLines): boolean {
    for (const line of text.split('\n').slice(0, -1)) {
      const events = readEvents(JSON.parse(line) as unknown[])
      if (events === undefined) continue
      handOutEvents(events, line.length, (event, length) => {
        this.#underWay.push(() => this.#listener.onEvent(event, length))
      })
    }
    return true
  }

  isCongested(resume: () => void): boolean {
    this.#resume = this.#isSlow ? resume : undefined
    return this.#isSlow
  }

  onLapse(): void {}

  congest(): void {
    this.#isSlow = true
  }

  drain(): void {
    this.#isSlow = false
    this.#resume?.()
  }

  arrive(count: number): void {
    for (const happen of this.#underWay.splice(0, count)) if (!this.isOver) happen()
  }

  leave(): void {
    if (!this.isOver) this.#listener.onLeaving()
  }

  lose(): void {
    if (this.isOver) return
    this.close()
    this.#listener.onEnd(new Error('lost'))
  }

  close(): void {
    this.isOver = true
    this.#publisher.end(this)
  }

  reportFailure(): void {}
}

type Step =
  | { readonly kind: 'emit'; readonly count: number }
  | { readonly kind: 'arrive'; readonly count: number; readonly session: number }
  | { readonly kind: (typeof CALM | typeof LOSSES)[number] }

/** What changes the way, and loses nothing. */
const CALM = ['leave', 'renew', 'drain', 'goOn'] as const
const LOSSES = ['congest', 'lose', 'part', 'meet', 'hang'] as const

/** At most `maxBurst` are emitted at once. */
function createSteps(kinds: readonly (typeof CALM | typeof LOSSES)[number][], maxBurst: number): fc.Arbitrary<Step[]> {
  const count = fc.integer({ min: 1, max: maxBurst })
  const emission = fc.record({ kind: fc.constant('emit' as const), count })
  const arrival = fc.record({ kind: fc.constant('arrive' as const), count, session: fc.nat(3) })
  const other = fc.record({ kind: fc.constantFrom(...kinds) })
  const step: fc.Arbitrary<Step> = fc.oneof(
    { weight: 6, arbitrary: emission },
    { weight: 6, arbitrary: arrival },
    { weight: 4, arbitrary: other },
  )
  return fc.array(step, { minLength: 5, maxLength: 60 })
}

/** What one subscriber got: the events that it handled, and those that it was told to have missed, in this order. */
interface Seen {
  readonly emitted: number
  readonly handled: number[]
  readonly accounted: number[]
}

async function run(steps: readonly Step[]): Promise<Seen> {
  const publisher = new Publisher({ logger })
  const channel = publisher.open({ tags: ['notes.counted'], digest: 'ab54c7ef', onFailure: () => {} })
  const sessions: FakeSession[] = []
  const handled: number[] = []
  const accounted: number[] = []
  let emitted = 0
  let isHanging = false
  let release = (): void => {}
  const inbox = new Inbox({
    tag: 'notes.counted',
    checks: { payload: () => true, jsonSchemas: '{}' },
    handler: (payload, { sequence }) => {
      handled.push(payload as number)
      accounted.push(sequence)
      return isHanging ? new Promise<void>((resolve) => (release = resolve)) : undefined
    },
    onGap: ({ from, missed }) => accounted.push(...Array.from({ length: missed }, (_, index) => from + index)),
    logger,
    onFailure: (_, thrown) => {
      throw thrown
    },
  })
  const feed = new PublisherFeed(publisherPeer, {
    open: (_, lane: Lane) => {
      const session = new FakeSession(publisher, lane)
      sessions.push(session)
      return session
    },
    onRefused: () => {},
    waitMs: () => 0,
  })
  const emit = (): void => publisher.publish(channel, String(++emitted), new OpenEmission(() => {}))
  const listOpen = (): FakeSession[] => sessions.filter(({ isOver }) => !isOver)
  const act: Readonly<Record<(typeof CALM | typeof LOSSES)[number], () => void>> = {
    congest: () => {
      for (const session of listOpen()) session.congest()
    },
    drain: () => {
      for (const session of listOpen()) session.drain()
    },
    lose: () => listOpen()[0]?.lose(),
    leave: () => listOpen()[0]?.leave(),
    renew: () => listOpen()[0]?.renew(),
    part: () => feed.part(),
    meet: () => feed.meet(publisherPeer),
    hang: () => {
      isHanging = true
    },
    goOn: () => {
      isHanging = false
      release()
    },
  }
  const arriveAll = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 2))
    for (const session of listOpen()) session.arrive(Number.POSITIVE_INFINITY)
  }
  feed.add(inbox)
  feed.meet(publisherPeer)
  await arriveAll()
  for (const step of steps) {
    if (step.kind === 'emit') for (let index = 0; index < step.count; index++) emit()
    else if (step.kind === 'arrive')
      listOpen()
        .at(step.session % listOpen().length)
        ?.arrive(step.count)
    else act[step.kind]()
    await new Promise((resolve) => setImmediate(resolve))
  }
  act.goOn()
  act.meet()
  for (let round = 0; round < 4; round++) {
    act.drain()
    await arriveAll()
  }
  emit()
  await arriveAll()
  await arriveAll()
  feed.close()
  publisher.close()
  return { emitted, handled, accounted }
}

const countTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)

test('row 72: whatever is lost, what is handled and what is said to be missing is everything, in order, once', async () => {
  await fc.assert(
    fc.asyncProperty(createSteps([...CALM, ...LOSSES], 300), async (steps) => {
      const { emitted, accounted } = await run(steps)
      expect(accounted).toEqual(countTo(emitted))
    }),
    { numRuns: 150 },
  )
}, 60_000)

test('moving from session to session loses nothing', async () => {
  await fc.assert(
    fc.asyncProperty(createSteps(CALM, 15), async (steps) => {
      const { emitted, handled } = await run(steps)
      expect(handled).toEqual(countTo(emitted))
    }),
    { numRuns: 100 },
  )
}, 60_000)

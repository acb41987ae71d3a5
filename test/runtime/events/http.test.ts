import { createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { events } from '../../../fixtures/behaviour/generated/events.js'
import { catchError, type Harness, silent } from '../behaviour/harness.js'
import { createSocketHarness } from '../behaviour/socket-harness.js'

describe('events and a peer whose transport is HTTP', () => {
  let harness: Harness
  let peer: Peer

  beforeEach(async () => {
    harness = await createSocketHarness(createPeer)
    peer = await harness.createPeer({ transport: 'http', logger: silent })
  })
  afterEach(() => harness.close())

  test('it cannot subscribe, in either form, and is told why', async () => {
    const { counted } = peer.connect(events)
    const message =
      'events.counted is an event, which requests over HTTP do not carry: subscribe with a peer whose transport is "session"'
    expect(await catchError(counted.subscribe(() => {}))).toMatchObject({ code: 'unimplemented', message })
    expect(() => counted.subscribe()).toThrow(message)
  })

  test('it can be subscribed to over a session', async () => {
    const subscriber = await harness.createPeer({ logger: silent })
    const got: number[] = []
    await subscriber.connect(events).counted.subscribe((count) => got.push(count))
    expect(await peer.connect(events).counted.emit(1)).toMatchObject({ delivered: 1 })
    await expect.poll(() => got).toEqual([1])
  })
})

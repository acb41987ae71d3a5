import type { Peer, PeerChange } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Harness, silent } from './harness.js'

/** How peers are followed, whatever carries their calls. */
export function describeDiscovery(name: string, createHarness: () => Promise<Harness>): void {
  describe(`discovery over ${name}`, () => {
    let harness: Harness
    let here: Peer

    beforeEach(async () => {
      harness = await createHarness()
      here = await harness.createPeer({ logger: silent })
    })
    afterEach(() => harness.close())

    const read = async (changes: AsyncIterator<PeerChange>): Promise<string> => {
      const { value } = (await changes.next()) as { value: PeerChange }
      return `${value.type} ${value.peer.id}`
    }

    test('whoever follows is told first who is there, and then who comes and goes', async () => {
      const first = await harness.createPeer({ logger: silent })
      const changes = here.watch()
      expect(await read(changes)).toBe(`joined ${first.id}`)
      const second = await harness.createPeer({ logger: silent })
      expect(await read(changes)).toBe(`joined ${second.id}`)
      await first.close()
      expect(await read(changes)).toBe(`left ${first.id}`)
      await changes.return?.()
    })

    test('what is told is the peer that peers() has', async () => {
      await harness.createPeer({ logger: silent, hub: true })
      const changes = here.watch({ hubsOnly: true })
      const { value } = await changes.next()
      expect([value?.peer]).toEqual(await here.peers())
      await changes.return?.()
    })

    test('only those are told of whom the filter means', async () => {
      await harness.createPeer({ logger: silent, group: 'others' })
      await harness.createPeer({ logger: silent })
      const hub = await harness.createPeer({ logger: silent, group: 'others', hub: true })
      const changes = here.watch({ groups: 'others', hubsOnly: true })
      expect(await read(changes)).toBe(`joined ${hub.id}`)
      await changes.return?.()
    })

    test('it ends when its signal fires, when it is left, and when the peer is closed', async () => {
      const controller = new AbortController()
      const endings: string[] = []
      const follow = async (label: string, changes: AsyncIterable<PeerChange>, mayStay = true): Promise<void> => {
        for await (const _ of changes) if (!mayStay) break
        endings.push(label)
      }
      const aborted = follow('aborted', here.watch({}, { signal: controller.signal }))
      const closed = follow('closed', here.watch())
      await harness.createPeer({ logger: silent })
      await follow('left', here.watch(), false)
      controller.abort()
      await aborted
      await here.close()
      await closed
      expect(endings).toEqual(['left', 'aborted', 'closed'])
    })

    test('with a signal that has fired it has ended', async () => {
      await harness.createPeer({ logger: silent })
      expect(await here.watch({}, { signal: AbortSignal.abort() }).next()).toEqual({ done: true, value: undefined })
    })

    test.each<[unknown, unknown, string]>([
      [{ group: 'x' }, {}, 'filter "group" of peers is unknown: did you mean "groups"?'],
      [{ refresh: true }, {}, 'filter "refresh" of peers is unknown: expected groups, hubsOnly, onHost, has'],
      [{}, { timeoutMs: 1 }, 'option "timeoutMs" of watch is unknown: expected signal'],
      [{}, { signal: 1 }, 'option signal of watch is 1, expected an AbortSignal'],
    ])('%j and %j are refused at once', (filter, options, message) => {
      expect(() => here.watch(filter as object, options as object)).toThrow(message)
    })

    test('what was made before a peer was closed, and is read after that, has ended', async () => {
      const changes = here.watch()
      await here.close()
      expect(await changes.next()).toEqual({ done: true, value: undefined })
    })

    test('a closed peer follows nobody', async () => {
      await here.close()
      expect(() => here.watch()).toThrow('this peer is closed: make a new one')
    })
  })
}

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AnyFilter } from '../../../runtime/api/any-peer.js'
import type { PeerChange } from '../../../runtime/api/peer.js'
import type { RemotePeer } from '../../../runtime/api/remote-peer.js'
import type { ConnectedConnection } from '../../../runtime/call/connected-connection.js'
import { CallScope } from '../../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../../runtime/call/scope/deadlines.js'
import { Chooser } from '../../../runtime/discovery/chooser.js'
import type { PeerListener } from '../../../runtime/discovery/peer-table.js'
import { type Served, ServedBy } from '../../../runtime/discovery/served-by.js'
import { silent } from '../behaviour/harness.js'
import { createPeer } from './fake-provider.js'

const connection = { tag: 'notes.save', descriptor: { tag: 'notes.save', digest: 'one' } } as ConnectedConnection
const SAVES: Served = { tag: 'notes.save', digest: 'one', aliases: [] }
const ANY: AnyFilter = Object.freeze({})

let listener: PeerListener
let there: Set<string>
let serves: Map<string, Served[]>
const lost = vi.fn()
const list = vi.fn()
const ask = vi.fn()
let deadlines: Deadlines
let chooser: Chooser

beforeEach(() => {
  vi.useFakeTimers()
  there = new Set()
  serves = new Map()
  listener = () => {}
  lost.mockClear()
  ask.mockReset().mockImplementation(async ({ id }: RemotePeer) => serves.get(id) ?? [])
  list.mockReset().mockImplementation(async () => {
    for (const id of there) tell('joined', id)
    return []
  })
  deadlines = new Deadlines()
  const table = {
    list,
    lost,
    follow: (added: PeerListener) => {
      listener = added
      return () => {}
    },
  }
  chooser = new Chooser({ selfGroup: 'notes', table, served: new ServedBy({ ask, logger: silent }) })
})
afterEach(() => {
  deadlines.close()
  vi.useRealTimers()
})

function tell(type: PeerChange['type'], id: string): void {
  listener({ type, peer: createPeer(id) })
}

/** Peers that are there and serve the connection. */
function place(...ids: string[]): void {
  for (const id of ids) {
    there.add(id)
    serves.set(id, [SAVES])
  }
}

const open = (): CallScope => new CallScope(deadlines, 'notes.save', 60_000)
const choose = async (scope = open(), filter = ANY): Promise<string> => {
  const choosing = Promise.resolve(chooser.choose(filter, connection, scope))
  const settled = Promise.allSettled([choosing])
  await vi.advanceTimersByTimeAsync(25)
  await settled
  return (await choosing).id
}

/** Chooses for so many calls, none of which ends, and counts. */
async function count(calls: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (let call = 0; call < calls; call++) {
    const id = await choose()
    counts[id] = (counts[id] ?? 0) + 1
  }
  return counts
}

describe('choosing', () => {
  test('looks for peers once, and from then on at nothing', async () => {
    place('a', 'b')
    await choose()
    for (let call = 0; call < 50; call++) expect(chooser.choose(ANY, connection, open())).not.toBeInstanceOf(Promise)
    expect(list).toHaveBeenCalledTimes(1)
    expect(ask).toHaveBeenCalledTimes(2)
  })

  test('keeps the numbers of calls in flight close together', async () => {
    place('a', 'b', 'c', 'd')
    const counts = Object.values(await count(400))
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(20)
  })

  test('forgets calls that have ended: with one each in flight, whoever has none is taken', async () => {
    place('a', 'b')
    const [first, second] = [open(), open()]
    const ids = [await choose(first), await choose(second)]
    expect(ids.toSorted()).toEqual(['a', 'b'])
    first.finish()
    expect(await choose()).toBe(ids[0])
  })

  test('takes neither suspects nor the dead, and who is heard again', async () => {
    place('a', 'b', 'c')
    await choose()
    tell('suspect', 'a')
    tell('left', 'b')
    expect(Object.keys(await count(10))).toEqual(['c'])
    tell('changed', 'a')
    tell('suspect', 'c')
    expect(Object.keys(await count(10))).toEqual(['a'])
  })

  test('for another attempt takes each of the others before any again, and doubts those that failed', async () => {
    place('a', 'b', 'c')
    const scope = open()
    const tried: string[] = []
    const hasOther: (boolean | undefined)[] = []
    for (let attempt = 0; attempt < 4; attempt++) {
      tried.push(await choose(scope))
      hasOther.push(scope.choice?.hasOther)
    }
    expect(tried.slice(0, 3).toSorted()).toEqual(['a', 'b', 'c'])
    expect(hasOther).toEqual([true, true, false, false])
    expect(lost.mock.calls.flat()).toEqual(tried.slice(0, 3))
  })

  test('hears of peers that begin to serve it within 5 s, while others do', async () => {
    place('a')
    there.add('late')
    expect(Object.keys(await count(5))).toEqual(['a'])
    serves.set('late', [SAVES])
    await vi.advanceTimersByTimeAsync(5_000)
    await choose()
    expect(Object.keys(await count(10)).toSorted()).toEqual(['a', 'late'])
  })

  test('waits for no peer that does not say what it serves', async () => {
    place('a')
    there.add('hung')
    ask.mockImplementation(({ id }: RemotePeer) => (id === 'hung' ? new Promise(() => {}) : Promise.resolve([SAVES])))
    expect(await choose()).toBe('a')
  })

  test('takes an older tag for what it is now, and another digest for something else', async () => {
    there.add('old').add('other')
    serves.set('old', [{ tag: 'notes.put', digest: 'one', aliases: ['notes.save'] }])
    serves.set('other', [{ ...SAVES, digest: 'two' }])
    expect(Object.keys(await count(10))).toEqual(['old'])
  })

  test('is given up when the call is', async () => {
    list.mockReturnValue(new Promise(() => {}))
    const scope = open()
    const choosing = chooser.choose(ANY, connection, scope)
    scope.stop({ code: 'canceled', message: 'changed my mind' })
    await expect(choosing).rejects.toMatchObject({ code: 'canceled' })
  })
})

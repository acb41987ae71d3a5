import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Address, printAddress } from '../../../runtime/api/address.js'
import type { PeerChange } from '../../../runtime/api/peer.js'
import type { RemotePeer } from '../../../runtime/api/remote-peer.js'
import { PATIENCE_HERE } from '../../../runtime/discovery/detector.js'
import { PeerTable } from '../../../runtime/discovery/peer-table.js'
import { ServedBy } from '../../../runtime/discovery/served-by.js'
import { refuse, refuseGone } from '../../../runtime/errors/refuse.js'
import { explainFailure } from '../../../runtime/transport/http/request-failure.js'
import { createPeer, FakeProvider } from './fake-provider.js'

const isOpen = vi.hoisted(() => vi.fn<(address: Address) => Promise<boolean>>())
vi.mock('../../../runtime/discovery/is-open.js', () => ({ isOpen }))
// On the clock of these tests, as all else is.
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)),
}))
const warn = vi.fn()
const logger = { debug: () => {}, info: () => {}, warn, error: () => {} }
/** Who is at each address; an error where asking fails. */
const there = new Map<string, RemotePeer | Error>()
const identify = vi.fn<(address: Address) => Promise<RemotePeer>>()
/** Who has sent something over a session. */
let heard: string[] = []
const takeHeard = (): string[] => heard.splice(0)
const abandon = vi.fn<(peer: RemotePeer) => void>()
let provider: FakeProvider
let other: FakeProvider
let table: PeerTable

beforeEach(async () => {
  vi.useFakeTimers()
  there.clear()
  identify.mockReset().mockImplementation(async (address) => {
    const found = there.get(printAddress(address))
    if (found === undefined) throw refuseGone('nobody listens')
    if (found instanceof Error) throw found
    return found
  })
  heard = []
  abandon.mockReset()
  warn.mockClear()
  provider = new FakeProvider()
  other = new FakeProvider('lan')
  table = new PeerTable({
    selfId: 'self',
    selfGroup: 'notes',
    concurrency: 4,
    logger,
    transport: { identify, takeHeard, abandon },
    providers: [provider, other],
    served: new ServedBy({ ask: async () => [], logger }),
  })
  await table.start(createPeer('self', { port: 9 }))
})
afterEach(() => {
  table.close()
  vi.useRealTimers()
})

/** Puts a peer where it says that it is, and has it claimed. */
function place(peer: RemotePeer, claims: FakeProvider = provider): RemotePeer {
  there.set(printAddress(peer), peer)
  claims.claimed.push(peer)
  return peer
}

const ids = async (...args: Parameters<PeerTable['list']>): Promise<string[]> =>
  (await table.list(...args)).map(({ id }) => id)

/** Follows the table; what has happened, in short. */
function follow(): { told: string[]; end: () => void } {
  const told: string[] = []
  const end = table.follow(({ type, peer }: PeerChange) => told.push(`${type} ${peer.id} ${peer.port}`))
  return { told, end }
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

describe('the peers that are listed', () => {
  test.each<[object, string[]]>([
    [{}, ['a', 'hub']],
    [{ groups: 'other' }, ['b']],
    [{ groups: ['other', 'notes'] }, ['a', 'b', 'hub']],
    [{ groups: 'note' }, []],
    [{ groups: [] }, []],
    [{ hubsOnly: true }, ['hub']],
    [{ hubsOnly: false }, ['a', 'hub']],
    [{ onHost: '::1' }, ['hub']],
  ])('fit the filter %j', async (filter, want) => {
    place(createPeer('self', { port: 9 }))
    place(createPeer('a', { port: 1 }))
    place(createPeer('b', { port: 2, group: 'other' }))
    place(createPeer('hub', { port: 3, hub: true, host: '::1' }))
    expect(await ids(filter)).toEqual(want)
  })

  test.each<[unknown, string]>([
    [{ group: 'x' }, 'filter "group" of peers is unknown: did you mean "groups"?'],
    [{ name: 'x' }, 'filter "name" of peers is unknown: expected groups, hubsOnly, onHost, has, refresh'],
    [{ groups: 5 }, 'filter "groups" of peers is 5, expected a text or a list of texts'],
    [{ groups: ['a', 5] }, 'filter "groups" of peers is ["a",5], expected a text or a list of texts'],
    [{ hubsOnly: 1 }, 'filter "hubsOnly" of peers is 1, expected true or false'],
    [{ onHost: null }, 'filter "onHost" of peers is null, expected a text'],
    [{ refresh: 'yes' }, 'filter "refresh" of peers is "yes", expected true or false'],
  ])('cannot be filtered by %j', async (filter, message) => {
    await expect(table.list(filter as object)).rejects.toMatchObject({ code: 'invalid_argument', message })
  })

  test('proved themselves less than 750 ms ago, or do it now', async () => {
    place(createPeer('a'))
    await ids({})
    await pass(749)
    await ids({})
    expect(identify).toHaveBeenCalledTimes(1)
    await pass(1)
    await ids({})
    expect(identify).toHaveBeenCalledTimes(2)
    await ids({ refresh: true })
    expect(identify).toHaveBeenCalledTimes(3)
  })

  test('need no proof when they were heard, and need one when their session was lost', async () => {
    place(createPeer('a'))
    await ids({})
    await pass(700)
    provider.hear(createPeer('a'))
    await pass(700)
    await ids({})
    expect(identify).toHaveBeenCalledTimes(1)
    table.lost('a')
    await ids({})
    expect(identify).toHaveBeenCalledTimes(2)
  })

  test('are asked once by all who ask at the same time, and no more than the limit at once', async () => {
    for (let port = 1; port <= 20; port++) place(createPeer(`p${port}`, { port }))
    let asking = 0
    let most = 0
    identify.mockImplementation(async (address) => {
      most = Math.max(most, ++asking)
      await new Promise((resolve) => setTimeout(resolve, 10))
      asking--
      return there.get(printAddress(address)) as RemotePeer
    })
    const lists = [ids({}), ids({}), ids({ refresh: true })]
    await pass(100)
    expect((await Promise.all(lists)).map(({ length }) => length)).toEqual([20, 20, 20])
    expect(identify).toHaveBeenCalledTimes(20)
    expect(most).toBe(4)
  })
})

describe('addresses that anybody may have named', () => {
  test('are asked two of four at once, and no peer of the table waits for them', async () => {
    place(createPeer('a'))
    await ids({})
    const strangers = Array.from({ length: 100 }, (_, index) => ({ host: '10.0.0.1', port: 1_000 + index }))
    identify.mockImplementation((address) =>
      address.host === '10.0.0.1' ? new Promise(() => {}) : Promise.resolve(createPeer('a')),
    )
    for (const stranger of strangers) other.add(stranger)
    await pass(800)
    expect(identify.mock.calls.filter(([{ host }]) => host === '10.0.0.1')).toHaveLength(2)
    const before = identify.mock.calls.length
    const end = table.follow(() => {})
    await pass(0)
    expect(identify.mock.calls.slice(before).map(([{ host }]) => host)).toEqual(['127.0.0.1'])
    end()
  })
})

describe('a peer that cannot prove itself', () => {
  const refusedBy = (cause: object) => explainFailure(cause, { host: '127.0.0.1', port: 3010 }, false)

  test.each<[string, RemotePeer | Error, boolean]>([
    ['because nobody listens', refusedBy({ code: 'ECONNREFUSED' }), true],
    ['because a stranger is there', refuse('unauthenticated', 'x'), true],
    ['because another peer is there', createPeer('self'), true],
    ['because the connection was reset', refusedBy({ code: 'ECONNRESET' }), false],
    ['because no file descriptor is left', refusedBy({ code: 'EMFILE' }), false],
    ['because this peer is closing', refuse('unavailable', 'this peer is closed'), false],
    ['because of a fault', new TypeError('x'), false],
  ])('%s is not listed', async (_, answer, isForgotten) => {
    there.set(printAddress(place(createPeer('a'))), answer)
    expect(await ids({})).toEqual([])
    expect(provider.forgotten).toEqual(isForgotten ? ['a'] : [])
  })

  test('because it speaks another version is left out, which is logged once', async () => {
    there.set(printAddress(place(createPeer('a'))), refuse('failed_precondition', 'a speaks version 2'))
    expect([await ids({}), await ids({})]).toEqual([[], []])
    expect(provider.forgotten).toEqual([])
    expect(warn.mock.calls).toEqual([['a peer is left out', { at: '127.0.0.1:3010', reason: 'a speaks version 2' }]])
  })

  test('in time stays as it was known', async () => {
    place(createPeer('known', { port: 1 }))
    there.set(printAddress(place(createPeer('new', { port: 2 }))), refuse('deadline_exceeded', 'x'))
    expect(await ids({})).toEqual(['known'])
    there.set('127.0.0.1:1', refuse('deadline_exceeded', 'x'))
    expect(await ids({ refresh: true })).toEqual(['known'])
    expect(provider.forgotten).toEqual([])
  })
})

describe('an address', () => {
  test('is asked who is there, and whoever that is joins the list', async () => {
    there.set('127.0.0.1:1', createPeer('a', { port: 1 }))
    there.set('127.0.0.1:2', refuse('unauthenticated', 'a stranger'))
    provider.claimed = [
      { host: '127.0.0.1', port: 1 },
      { host: '127.0.0.1', port: 2 },
      { host: '127.0.0.1', port: 3 },
    ]
    expect(await ids({})).toEqual(['a'])
    expect(await ids({ groups: 'other' })).toEqual([])
  })

  test('is asked before the list is there, however many that do not answer were named before it', async () => {
    identify.mockImplementation(
      ({ port }) =>
        new Promise((resolve, reject) => {
          if (port === 9_000) resolve(createPeer('late', { port }))
          else setTimeout(() => reject(refuse('deadline_exceeded', 'x')), 400)
        }),
    )
    // Two strangers are asked at once.
    for (const port of [1, 2, 3, 4, 9_000]) provider.claimed.push({ host: '127.0.0.1', port })
    const listed = ids({})
    await pass(800)
    expect(await listed).toEqual(['late'])
  })

  test('is waited for 1.5 s at most, and is in a later list where its turn came after that', async () => {
    identify.mockImplementation(
      ({ port }) =>
        new Promise((resolve, reject) => {
          if (port >= 9_000) resolve(createPeer(`p${port}`, { port }))
          else setTimeout(() => reject(refuse('deadline_exceeded', 'x')), 400)
        }),
    )
    // Two strangers are asked at once: the last one after 4 s.
    for (const port of [9_000, ...Array.from({ length: 20 }, (_, index) => index + 1), 9_001])
      provider.claimed.push({ host: '127.0.0.1', port })
    let listed: string[] | undefined
    void ids({}).then((found) => {
      listed = found
    })
    await pass(1_499)
    expect(listed).toBe(undefined)
    await pass(1)
    expect(listed).toEqual(['p9000'])
    await pass(2_500)
    provider.claimed = []
    expect(await ids({})).toEqual(['p9000', 'p9001'])
  })

  test('of this very peer is nobody', async () => {
    there.set('127.0.0.1:9', createPeer('self', { port: 9 }))
    provider.claimed = [{ host: '127.0.0.1', port: 9 }]
    expect(await ids({})).toEqual([])
  })

  test('that has another peer now: the old one is gone, and the new one is listed', async () => {
    place(createPeer('old'))
    expect(await ids({})).toEqual(['old'])
    there.set('127.0.0.1:3010', createPeer('new'))
    await pass(750)
    expect(await ids({})).toEqual([])
    expect(await ids({})).toEqual(['new'])
    expect(provider.forgotten).toEqual(['old'])
  })
})

describe('a peer that several providers claim', () => {
  test('is listed once, at the address where it proved itself first', async () => {
    place(createPeer('a'))
    there.set('10.0.0.7:3010', createPeer('a', { host: '10.0.0.7' }))
    other.claimed = [{ host: '10.0.0.7', port: 3010 }]
    expect(await table.list({})).toEqual([createPeer('a')])
    await ids({})
    // Both ways are known now: the second one is enough when the first is gone.
    there.delete('127.0.0.1:3010')
    await pass(750)
    expect(await table.list({})).toEqual([createPeer('a', { host: '10.0.0.7' })])
    expect(provider.forgotten).toEqual([])
  })

  test('is never replaced by a claim that nobody proved', async () => {
    place(createPeer('a'))
    await ids({})
    other.add(createPeer('a', { host: '10.6.6.6', group: 'forged', hub: true }))
    expect(await table.list({})).toEqual([createPeer('a')])
    expect(await table.find('a')).toEqual(createPeer('a'))
  })

  test('is found in spite of an earlier claim that is wrong', async () => {
    other.add(createPeer('a', { host: '10.6.6.6' }))
    place(createPeer('a'))
    expect(await table.list({})).toEqual([createPeer('a')])
  })

  test('is left out by one that cannot look, and the others go on', async () => {
    place(createPeer('a'))
    other.failure = new Error('no interface')
    expect(await ids({})).toEqual(['a'])
    expect(warn.mock.calls).toEqual([
      ['peers cannot be looked for in one of the ways', { provider: 'lan', error: other.failure }],
    ])
    provider.failure = refuse('unavailable', 'no folder')
    await expect(table.list({})).rejects.toBe(provider.failure)
  })
})

describe('a table', () => {
  test('knows at most 1,024 peers, and gives up claims before peers that proved themselves', async () => {
    place(createPeer('proven', { port: 1 }))
    await ids({})
    for (let index = 0; index < 2_000; index++) provider.add(createPeer(`junk${index}`, { port: 2 }))
    place(createPeer('late', { port: 3 }))
    expect(await ids({})).toEqual(['proven', 'late'])
    await expect(table.find('junk0')).rejects.toMatchObject({ code: 'not_found' })
  })

  test('has at most 1,024 addresses to ask at, whatever is claimed meanwhile', async () => {
    for (let port = 1; port <= 5_000; port++) provider.add({ host: '10.0.0.7', port })
    place(createPeer('real', { port: 1 }))
    await pass(10)
    expect(identify).toHaveBeenCalledTimes(1_024)
    expect(await ids({})).toEqual(['real'])
  })

  test('that is full of peers takes no more', async () => {
    for (let index = 0; index < 1_024; index++) place(createPeer(`p${index}`, { port: index + 1 }))
    expect(await ids({})).toHaveLength(1_024)
    place(createPeer('late', { port: 5_000 }))
    expect(await ids({})).toHaveLength(1_024)
    place(createPeer('later', { port: 5_001 }))
    expect(await ids({})).toHaveLength(1_024)
    expect(warn.mock.calls).toEqual([['a peer is left out, since too many are known', { id: 'late', limit: 1_024 }]])
  })

  test('finds a peer by its id without a probe; nobody else is there', async () => {
    place(createPeer('self', { port: 9 }))
    const peer = place(createPeer('a'))
    expect(await table.find('a')).toBe(peer)
    expect(identify).not.toHaveBeenCalled()
    for (const id of ['b', 'self', '__proto__']) {
      await expect(table.find(id)).rejects.toMatchObject({
        code: 'not_found',
        message: `peer "${id}" is unknown: peer.peers() lists those that are there`,
      })
    }
  })
})

test('a start that fails rejects when every way has started or failed, so that all of them can be ended', async () => {
  let isStarted = false
  provider.start = () => Promise.reject(new Error('the disk is full'))
  other.start = async () => {
    await new Promise((resolve) => setTimeout(resolve, 100))
    isStarted = true
  }
  const failed = table.start(createPeer('self', { port: 9 })).catch((error: unknown) => [String(error), isStarted])
  await pass(100)
  expect(await failed).toEqual(['Error: the disk is full', true])
})

describe('a closed table', () => {
  const closed = { code: 'failed_precondition', message: 'this peer is closed: make a new one' }

  test('ends at once for whoever begins to follow it, and has nothing begin again', async () => {
    place(createPeer('a'))
    await ids({})
    table.close()
    const [listener, onClose] = [vi.fn(), vi.fn()]
    table.follow(listener, onClose)()
    expect(onClose).toHaveBeenCalledOnce()
    expect(listener).not.toHaveBeenCalled()
    expect([provider.isWatching, vi.getTimerCount()]).toEqual([false, 0])
  })

  test('lists and finds nobody', async () => {
    place(createPeer('a'))
    table.close()
    await expect(table.list({})).rejects.toMatchObject(closed)
    await expect(table.find('a')).rejects.toMatchObject(closed)
    expect(identify).not.toHaveBeenCalled()
  })
})

describe('the dead', () => {
  test('who said goodbye are not believed again for 30 s', async () => {
    place(createPeer('a'))
    await ids({})
    provider.remove('a')
    expect(await ids({})).toEqual([])
    await pass(29_999)
    expect(await ids({})).toEqual([])
    await pass(1)
    expect(await ids({})).toEqual(['a'])
  })

  test('who were not reached come back by proving themselves, not by what is said of them', async () => {
    const peer = place(createPeer('a'))
    await ids({})
    there.delete('127.0.0.1:3010')
    await pass(750)
    expect(await ids({})).toEqual([])
    await expect(table.find('a')).rejects.toMatchObject({ code: 'not_found' })
    there.set('127.0.0.1:3010', peer)
    await pass(1)
    expect(await ids({})).toEqual(['a'])
  })

  test('are not raised by a proof that was asked for before they died', async () => {
    const peer = place(createPeer('a'))
    await ids({})
    await pass(750)
    identify.mockImplementation(() => new Promise((resolve) => setTimeout(() => resolve(peer), 50)))
    const listed = ids({})
    await pass(10)
    provider.claimed = []
    provider.remove('a')
    await pass(50)
    expect(await listed).toEqual([])
  })
})

describe('whoever follows', () => {
  test('is told at once who is there, and from then on who comes and goes', async () => {
    place(createPeer('a', { port: 1 }))
    await ids({})
    const { told, end } = follow()
    expect(told).toEqual(['joined a 1'])
    expect([provider.isWatching, other.isWatching]).toEqual([true, true])
    there.set('127.0.0.1:2', createPeer('b', { port: 2 }))
    other.add({ host: '127.0.0.1', port: 2 })
    await pass(0)
    provider.remove('a')
    expect(told).toEqual(['joined a 1', 'joined b 2', 'left a 1'])
    end()
    other.remove('b')
    expect(told).toHaveLength(3)
    expect([provider.isWatching, other.isWatching]).toEqual([false, false])
  })

  test('is not told of a peer that proved itself some time ago before it does so again', async () => {
    place(createPeer('a', { port: 1 }))
    place(createPeer('b', { port: 2 }))
    await ids({})
    await pass(750)
    there.delete('127.0.0.1:1')
    const { told } = follow()
    expect(told).toEqual([])
    await pass(0)
    expect(told).toEqual(['joined b 2'])
  })

  test.each<[string, () => void]>([
    ['has ended', () => there.clear()],
    ['does not answer', () => there.set('127.0.0.1:3010', refuse('deadline_exceeded', 'x'))],
  ])('hears nothing of one that %s since nobody followed, and the providers that it has left', async (_, act) => {
    place(createPeer('a'))
    expect(await ids({})).toEqual(['a'])
    await pass(60_000)
    provider.claimed = []
    act()
    const { told } = follow()
    await pass(5_000)
    expect(told).toEqual([])
    expect(provider.noticed).toEqual(['joined a', 'left a'])
    expect(await ids({})).toEqual([])
  })

  test('has nobody asked by its name who was found by it, and is there', async () => {
    const peer = createPeer('a')
    there.set('127.0.0.1:3010', peer)
    there.set('peer.example:3010', peer)
    const { told } = follow()
    for (let look = 0; look < 20; look++) {
      provider.add({ host: 'peer.example', port: 3010 })
      provider.add({ host: '127.0.0.1', port: 3010 })
      await pass(500)
    }
    expect(told).toEqual(['joined a 3010'])
    expect(identify.mock.calls.filter(([{ host }]) => host === 'peer.example')).toHaveLength(1)
    there.clear()
    await pass(1_000)
    expect(told).toEqual(['joined a 3010', 'left a 3010'])
    there.set('peer.example:3010', createPeer('b', { port: 3011 }))
    provider.add({ host: 'peer.example', port: 3010 })
    await pass(0)
    expect(told).toEqual(['joined a 3010', 'left a 3010', 'joined b 3011'])
  })

  test('is told of silence: asked after 600 ms, suspect after 1.5 s, gone after 3 s', async () => {
    place(createPeer('a'))
    const { told } = follow()
    await pass(0)
    there.set('127.0.0.1:3010', refuse('deadline_exceeded', 'x'))
    identify.mockClear()
    await pass(500)
    expect(identify).not.toHaveBeenCalled()
    await pass(1_000)
    expect(identify).toHaveBeenCalled()
    expect(told).toEqual(['joined a 3010', 'suspect a 3010'])
    await pass(1_500)
    expect(told).toEqual(['joined a 3010', 'suspect a 3010', 'left a 3010'])
  })

  test('has nobody asked who sends something over a session', async () => {
    place(createPeer('a', { port: 1 }))
    // Of before it was followed.
    heard.push('a')
    const { told, end } = follow()
    await pass(100)
    identify.mockClear()
    for (let passedMs = 0; passedMs < 3_000; passedMs += 250) {
      heard.push('a', 'stranger')
      await pass(250)
    }
    expect([told, identify.mock.calls.length]).toEqual([['joined a 1'], 0])
    there.clear()
    // Heard between 250 ms before the last tick and that: it is asked 600 ms after the former, in the next tick.
    await pass(500)
    expect(told).toEqual(['joined a 1', 'left a 1'])
    end()
  })

  test('is told when a suspect is heard again', async () => {
    place(createPeer('a'))
    const { told } = follow()
    await pass(0)
    there.set('127.0.0.1:3010', refuse('deadline_exceeded', 'x'))
    await pass(2_000)
    provider.hear(createPeer('a'))
    await pass(250)
    expect(told).toEqual(['joined a 3010', 'suspect a 3010', 'changed a 3010'])
  })

  test('has what is open with a peer end when its silence has lasted too long, after those were told who choose', async () => {
    const peer = place(createPeer('a'))
    const { told } = follow()
    abandon.mockImplementation(({ id }) => told.push(`abandoned ${id}`))
    await pass(0)
    there.set('127.0.0.1:3010', refuse('deadline_exceeded', 'nobody answers'))
    await pass(4_000)
    expect(told).toEqual(['joined a 3010', 'suspect a 3010', 'left a 3010', 'abandoned a'])
    expect(abandon.mock.calls).toEqual([[peer]])
  })

  test.each<[string, () => void]>([
    ['says goodbye, since it may still answer', () => provider.remove('a')],
    ['does not listen any more, since it may still answer', () => there.clear()],
  ])('leaves open what is with a peer that %s', async (_, act) => {
    place(createPeer('a'))
    const { told } = follow()
    await pass(0)
    provider.claimed = []
    act()
    await pass(4_000)
    expect(told).toEqual(['joined a 3010', 'left a 3010'])
    expect(abandon).not.toHaveBeenCalled()
  })

  test('hears nothing of the end of a peer that is silent where its process can be seen', async () => {
    provider.patience = PATIENCE_HERE
    place(createPeer('a'))
    const { told } = follow()
    await pass(0)
    there.set('127.0.0.1:3010', refuse('deadline_exceeded', 'x'))
    await pass(60_000)
    expect(told).toEqual(['joined a 3010', 'suspect a 3010'])
  })

  test('is told at once of a peer whose session was lost, where nobody listens any more', async () => {
    place(createPeer('a'))
    const { told } = follow()
    await pass(0)
    there.delete('127.0.0.1:3010')
    table.lost('a')
    await pass(0)
    expect(told).toEqual(['joined a 3010', 'left a 3010'])
    expect(provider.forgotten).toEqual(['a'])
  })

  test('is told of a peer that was slow at first', async () => {
    const peer = place(createPeer('a'))
    there.set('127.0.0.1:3010', refuse('deadline_exceeded', 'x'))
    const { told } = follow()
    await pass(500)
    expect(told).toEqual([])
    there.set('127.0.0.1:3010', peer)
    await pass(1_000)
    expect(told).toEqual(['joined a 3010'])
  })
})

describe('a provider that has peers prove themselves', () => {
  test('keeps one alive for as long as it answers what it is asked, and not what it was asked before', async () => {
    const peer = place(createPeer('a'))
    const { told } = follow()
    await pass(0)
    there.set('127.0.0.1:3010', refuse('deadline_exceeded', 'x'))
    const startedAtMs = performance.now()
    for (let round = 0; round < 20; round++) {
      await pass(250)
      other.answer(peer, performance.now() - 200)
    }
    expect(told).toEqual(['joined a 3010'])
    for (let round = 0; round < 12; round++) {
      await pass(250)
      other.answer(peer, startedAtMs + 4_000)
    }
    expect(told).toEqual(['joined a 3010', 'suspect a 3010', 'left a 3010'])
  })

  test('brings back one that was not heard, by an answer to what it was asked since, and by none from before', async () => {
    const peer = place(createPeer('a'))
    const { told } = follow()
    await pass(0)
    provider.claimed = []
    there.delete('127.0.0.1:3010')
    const askedAtMs = performance.now()
    await pass(1_000)
    other.answer(peer, askedAtMs)
    expect(told).toEqual(['joined a 3010', 'left a 3010'])
    other.answer(peer, performance.now())
    expect(told).toEqual(['joined a 3010', 'left a 3010', 'joined a 3010'])
  })

  test('brings in who proved itself by datagrams once its address takes a connection, and nobody else', async () => {
    other.isConnectionless = true
    isOpen.mockReset().mockImplementation(async ({ port }) => port === 1)
    const { told } = follow()
    for (const port of [1, 2]) {
      const peer = place(createPeer(`p${port}`, { port }))
      provider.claimed = []
      other.answer(peer, performance.now())
      other.answer(peer, performance.now())
    }
    await pass(0)
    expect(told).toEqual(['joined p1 1'])
    expect(isOpen.mock.calls.map(([{ port }]) => port)).toEqual([1, 2])
    // Whoever is there is heard by its datagrams alone.
    other.answer(createPeer('p1', { port: 1 }), performance.now())
    other.answer(createPeer('p2', { port: 2 }), performance.now())
    await pass(0)
    expect(isOpen.mock.calls.map(([{ port }]) => port)).toEqual([1, 2, 2])
    expect([told, identify.mock.calls]).toEqual([['joined p1 1'], []])
  })

  test('asks again who was there some time ago, whom the table asks where it has not answered for a second', async () => {
    other.isAsking = true
    const a = place(createPeer('a', { port: 1 }))
    place(createPeer('b', { port: 2 }))
    await ids({})
    await pass(750)
    identify.mockClear()
    provider.claimed = []
    const { told } = follow()
    await pass(100)
    other.answer(a, performance.now())
    expect(told).toEqual(['joined a 1'])
    const askedPorts = (): number[] => identify.mock.calls.map(([{ port }]) => port)
    await pass(899)
    expect(askedPorts()).not.toContain(2)
    await pass(1)
    expect(askedPorts()).toContain(2)
    expect(told).toEqual(['joined a 1', 'joined b 2'])
  })

  test('brings back nobody who said goodbye', async () => {
    const peer = place(createPeer('a'))
    const { told } = follow()
    await pass(0)
    provider.remove('a')
    await pass(100)
    other.answer(peer, performance.now())
    expect(told).toEqual(['joined a 3010', 'left a 3010'])
  })

  test('is told of every peer, whoever claimed it', async () => {
    place(createPeer('a'))
    await table.list({})
    provider.remove('a')
    expect(other.noticed).toEqual(['joined a', 'left a'])
    expect(provider.noticed).toEqual(['joined a', 'left a'])
  })
})

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RemotePeer } from '../../../runtime/api/remote-peer.js'
import { PeerTable } from '../../../runtime/discovery/peer-table.js'
import { refuse } from '../../../runtime/errors/refuse.js'
import { explainFailure } from '../../../runtime/transport/http/request-failure.js'

const createPeer = (id: string, parts: Partial<RemotePeer> = {}): RemotePeer => ({
  id,
  host: '127.0.0.1',
  port: 3010,
  group: 'notes',
  hub: false,
  ...parts,
})

const warn = vi.fn()
const logger = { debug: () => {}, info: () => {}, warn, error: () => {} }
const identify = vi.fn<(peer: RemotePeer) => Promise<RemotePeer>>()
const forget = vi.fn(async () => {})
let claimed: RemotePeer[] = []
let table: PeerTable

beforeEach(() => {
  vi.useFakeTimers()
  identify.mockReset().mockImplementation(async (peer) => peer)
  forget.mockClear()
  warn.mockClear()
  table = new PeerTable({
    selfId: 'self',
    selfGroup: 'notes',
    concurrency: 4,
    logger,
    transport: { identify: (address) => identify(address as RemotePeer) },
    provider: { list: async () => claimed, forget, announce: async () => {}, withdraw: async () => {} },
  })
})
afterEach(() => {
  vi.useRealTimers()
})

const ids = async (...args: Parameters<PeerTable['list']>): Promise<string[]> =>
  (await table.list(...args)).map(({ id }) => id)

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
    claimed = [
      createPeer('self'),
      createPeer('a'),
      createPeer('b', { group: 'other' }),
      createPeer('hub', { hub: true, host: '::1' }),
    ]
    expect(await ids(filter)).toEqual(want)
  })

  test.each<[unknown, string]>([
    [{ group: 'x' }, 'filter "group" of peers is unknown: did you mean "groups"?'],
    [{ name: 'x' }, 'filter "name" of peers is unknown: expected groups, hubsOnly, onHost, refresh'],
    [{ groups: 5 }, 'filter "groups" of peers is 5, expected a text or a list of texts'],
    [{ groups: ['a', 5] }, 'filter "groups" of peers is ["a",5], expected a text or a list of texts'],
    [{ hubsOnly: 1 }, 'filter "hubsOnly" of peers is 1, expected true or false'],
    [{ onHost: null }, 'filter "onHost" of peers is null, expected a text'],
    [{ refresh: 'yes' }, 'filter "refresh" of peers is "yes", expected true or false'],
  ])('cannot be filtered by %j', async (filter, message) => {
    await expect(table.list(filter as object)).rejects.toMatchObject({ code: 'invalid_argument', message })
  })

  test('proved themselves less than 750 ms ago, or do it now', async () => {
    claimed = [createPeer('a')]
    await ids({})
    vi.advanceTimersByTime(749)
    await ids({})
    expect(identify).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1)
    await ids({})
    expect(identify).toHaveBeenCalledTimes(2)
    await ids({ refresh: true })
    expect(identify).toHaveBeenCalledTimes(3)
  })
})

describe('a peer that cannot prove itself', () => {
  const refusedBy = (cause: object) => explainFailure(cause, { host: '127.0.0.1', port: 3010 }, false)

  test.each<[string, () => Promise<RemotePeer>, boolean]>([
    ['because nobody listens', () => Promise.reject(refusedBy({ code: 'ECONNREFUSED' })), true],
    ['because a stranger is there', () => Promise.reject(refuse('unauthenticated', 'x')), true],
    ['because another peer is there', async () => createPeer('other'), true],
    ['because the connection was reset', () => Promise.reject(refusedBy({ code: 'ECONNRESET' })), false],
    ['because no file descriptor is left', () => Promise.reject(refusedBy({ code: 'EMFILE' })), false],
    ['because this peer is closing', () => Promise.reject(refuse('unavailable', 'this peer is closed')), false],
    ['because of a fault', () => Promise.reject(new TypeError('x')), false],
  ])('%s is not listed', async (_, answer, isForgotten) => {
    claimed = [createPeer('a')]
    identify.mockImplementation(answer)
    expect(await ids({})).toEqual([])
    expect(forget.mock.calls).toEqual(isForgotten ? [[claimed[0]]] : [])
  })

  test('because it speaks another version is left out, which is logged once', async () => {
    claimed = [createPeer('a')]
    identify.mockRejectedValue(refuse('failed_precondition', 'a speaks version 2'))
    expect([await ids({}), await ids({})]).toEqual([[], []])
    expect(forget).not.toHaveBeenCalled()
    expect(warn.mock.calls).toEqual([['a peer is left out', { id: 'a', reason: 'a speaks version 2' }]])
    claimed = []
    await ids({})
    claimed = [createPeer('a')]
    await ids({})
    expect(warn).toHaveBeenCalledTimes(2)
  })

  test('in time stays as it was known', async () => {
    claimed = [createPeer('known'), createPeer('new')]
    identify.mockImplementation(async (peer) => {
      if (peer.id === 'new') throw refuse('deadline_exceeded', 'x')
      return peer
    })
    expect(await ids({})).toEqual(['known'])
    identify.mockRejectedValue(refuse('deadline_exceeded', 'x'))
    expect(await ids({ refresh: true })).toEqual(['known'])
    expect(forget).not.toHaveBeenCalled()
  })
})

test('a peer is found by its id without a probe; nobody else is', async () => {
  claimed = [createPeer('self'), createPeer('a')]
  expect(await table.find('a')).toBe(claimed[1])
  expect(identify).not.toHaveBeenCalled()
  for (const id of ['b', 'self', '__proto__']) {
    await expect(table.find(id)).rejects.toMatchObject({
      code: 'not_found',
      message: `peer "${id}" is unknown: peer.peers() lists those that are there`,
    })
  }
})

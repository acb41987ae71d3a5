import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { parseAddress, printAddress } from '../../../runtime/api/address.js'
import { any } from '../../../runtime/api/any-peer.js'
import type { RemotePeer } from '../../../runtime/api/remote-peer.js'
import type { ConnectedConnection } from '../../../runtime/call/connected-connection.js'
import { CallScope } from '../../../runtime/call/scope/call-scope.js'
import { Deadlines } from '../../../runtime/call/scope/deadlines.js'
import type { Chooser } from '../../../runtime/discovery/chooser.js'
import type { PeerTable } from '../../../runtime/discovery/peer-table.js'
import { describePeer } from '../../../runtime/peer/describe-peer.js'
import { resolveTarget } from '../../../runtime/peer/resolve-target.js'
import type { Transport } from '../../../runtime/transport/transport.js'

const self: RemotePeer = { id: 'self', host: '127.0.0.1', port: 3010, group: 'notes', hub: false }
const other: RemotePeer = { ...self, id: 'other', port: 3011 }
const find = vi.fn(async (_id: string) => other)
const choose = vi.fn(() => other)
const connection = { tag: 'notes.save' } as ConnectedConnection
const identify = vi.fn(async () => other)
let deadlines: Deadlines
let scope: CallScope

beforeEach(() => {
  find.mockClear()
  identify.mockClear()
  deadlines = new Deadlines()
  scope = new CallScope(deadlines, 'notes.save', 1_000)
})
afterEach(() => deadlines.close())

const resolve = (target: unknown): RemotePeer | Promise<RemotePeer> =>
  resolveTarget(
    target,
    {
      self,
      table: { find } as unknown as PeerTable,
      transport: { identify } as unknown as Transport,
      chooser: { choose } as unknown as Chooser,
    },
    scope,
    connection,
  )

describe('what a call goes to', () => {
  test('is a peer as it was given', async () => {
    expect(await resolve(other)).toBe(other)
    expect([find.mock.calls, identify.mock.calls]).toEqual([[], []])
  })

  test('is chosen among several', async () => {
    expect(await resolve(any({ hubsOnly: true }))).toBe(other)
    expect(choose).toHaveBeenCalledExactlyOnceWith({ hubsOnly: true }, connection, scope)
  })

  test('is this peer by its own id', async () => {
    expect(await resolve('self')).toBe(self)
    expect(find).not.toHaveBeenCalled()
  })

  test.each(['other', 'localhost', '127.0.0.1', '123456', '0123456789012345', 'f00dfeedf00dfeed'])(
    'is looked up as an id: %j',
    async (target) => {
      expect(await resolve(target)).toBe(other)
      expect(find).toHaveBeenCalledExactlyOnceWith(target)
    },
  )

  test.each(['', ' ', '3010', ':3010', 'a:b', 'a:0', '127.0.0.1:99999', '::1:3010', ' 127.0.0.1:3010', 'a b', 'x\n'])(
    'is no address, and can be no id: %j',
    (target) => {
      expect(() => resolve(target)).toThrow(
        expect.objectContaining({
          code: 'invalid_argument',
          message: `peer ${JSON.stringify(target)} is no address: expected host:port, such as 127.0.0.1:3010 or [::1]:3010`,
        }),
      )
      expect([find.mock.calls, identify.mock.calls]).toEqual([[], []])
    },
  )

  test('is no URL', () => {
    expect(() => resolve('http://127.0.0.1:3010')).toThrow(
      expect.objectContaining({
        code: 'invalid_argument',
        message: 'peer "http://127.0.0.1:3010" is a URL, expected host:port alone',
      }),
    )
  })

  test.each<[string, object]>([
    ['127.0.0.1:3011', { host: '127.0.0.1', port: 3011 }],
    ['localhost:1', { host: 'localhost', port: 1 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
  ])('is asked at its address who it is: %s', async (target, address) => {
    expect(await resolve(target)).toBe(other)
    expect(identify).toHaveBeenCalledExactlyOnceWith(address, expect.any(Number))
  })

  test.each<[unknown, string]>([
    [5, '5'],
    [true, 'true'],
    [{}, '{}'],
    [[], '[]'],
    [{ id: 'x', host: 'y' }, '{"id":"x","host":"y"}'],
    [() => 1, 'a function'],
  ])('cannot be %j', (target, printed) => {
    expect(() => resolve(target)).toThrow(
      expect.objectContaining({
        code: 'invalid_argument',
        message: `peer is ${printed}, expected a peer from peer.peers(), its id, host:port or any()`,
      }),
    )
  })

  test('is waited for no longer than the call may take', async () => {
    identify.mockReturnValueOnce(new Promise(() => {}))
    const resolving = resolve('127.0.0.1:3011')
    scope.stop({ code: 'canceled', message: 'changed my mind' })
    await expect(resolving).rejects.toMatchObject({ code: 'canceled', maybeExecuted: false })
  })
})

test.each<[string, string]>([
  ['127.0.0.1:3011', 'notes@127.0.0.1:3011'],
  ['[::1]:3011', 'notes@[::1]:3011'],
])('an address is read and printed alike: %s', (text, described) => {
  const address = parseAddress(text) ?? expect.fail('expected an address')
  expect(printAddress(address)).toBe(text)
  expect(describePeer({ group: 'notes', ...address })).toBe(described)
})

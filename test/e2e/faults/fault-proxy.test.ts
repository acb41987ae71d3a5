import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { catchError } from '../../runtime/behaviour/harness.js'
import type { Fault } from './fault.js'
import { FaultProxy } from './fault-proxy.js'

/** What a server that answers everything with itself, and ends when its client does, gave through the proxy. */
interface Seen {
  readonly pieces: readonly Buffer[]
  /** When the last piece came, and when the end did, in milliseconds since all was sent. */
  readonly lastMs: number
  readonly endMs: number
}

const TEXT = 'x'.repeat(2_000)

let server: Server
let proxy: FaultProxy

beforeEach(async () => {
  server = createServer({ noDelay: true }, (socket) => {
    // A proxy resets both of its sides.
    socket.on('error', () => {}).pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  proxy = await FaultProxy.open()
  proxy.target((server.address() as AddressInfo).port)
})
afterEach(async () => {
  await proxy.close()
  server.close()
  await once(server, 'close')
})

async function open(): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port: proxy.port })
  await once(socket, 'connect')
  return socket
}

/** Sends a text, and reads to the end. */
async function exchange(socket: Socket): Promise<Seen> {
  const pieces: Buffer[] = []
  let lastMs = 0
  const sentAtMs = performance.now()
  socket.on('data', (piece: Buffer) => {
    pieces.push(piece)
    lastMs = performance.now() - sentAtMs
  })
  socket.end(TEXT)
  await once(socket, 'end')
  return { pieces, lastMs, endMs: performance.now() - sentAtMs }
}

const read = ({ pieces }: Seen): string => Buffer.concat(pieces).toString()

describe('the way through the proxy', () => {
  const fine: [Fault, Partial<Record<'lastMs' | 'endMs', number>>][] = [
    [{ kind: 'none' }, {}],
    [{ kind: 'latency', delayMs: 50 }, { lastMs: 99 }],
    [{ kind: 'jitter', delayMs: 50 }, {}],
    [{ kind: 'bandwidth', bytesPerSecond: 20_000 }, { lastMs: 199 }],
    [{ kind: 'slow close', delayMs: 50 }, { endMs: 99 }],
    [{ kind: 'slicing', bytes: 7 }, {}],
  ]

  test.each(fine)('%o: all arrives, and not sooner than it may', async (fault, { lastMs = 0, endMs = 0 }) => {
    await proxy.spoil(fault)
    const seen = await exchange(await open())
    expect(read(seen)).toBe(TEXT)
    expect(seen.lastMs).toBeGreaterThanOrEqual(lastMs)
    expect(seen.endMs).toBeGreaterThanOrEqual(endMs)
    await expect.poll(() => proxy.connections).toBe(0)
  })

  test('what is sliced comes in pieces, of whole slices', async () => {
    await proxy.spoil({ kind: 'slicing', bytes: 7 })
    let pieces: readonly Buffer[] = []
    // A reader that is held up finds several of them at once, or all.
    const countPieces = async (): Promise<number> => {
      pieces = (await exchange(await open())).pieces
      return pieces.length
    }
    await expect.poll(countPieces).toBeGreaterThan(1)
    expect(pieces.slice(0, -1).filter(({ length }) => length % 7 !== 0)).toEqual([])
  })

  test('jitter delays some more than others', async () => {
    await proxy.spoil({ kind: 'jitter', delayMs: 50 })
    const times: number[] = []
    for (let turn = 0; turn < 8; turn++) times.push((await exchange(await open())).lastMs)
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThan(5)
  })

  test('a truncated answer has that many bytes, and its end', async () => {
    await proxy.spoil({ kind: 'truncation', bytes: 8 })
    expect(read(await exchange(await open()))).toBe(TEXT.slice(0, 8))
    expect(proxy.spoiled).toBe(1)
  })

  test('a reset reaches the client when the server answers', async () => {
    await proxy.spoil({ kind: 'reset' })
    expect(await catchError(exchange(await open()))).toMatchObject({ code: 'ECONNRESET' })
  })

  test('nobody listens where it is down, and what was open is reset; healed, it is as before', async () => {
    const socket = await open()
    const failed = once(socket, 'error')
    await proxy.spoil({ kind: 'down' })
    expect(await failed).toMatchObject([{ code: 'ECONNRESET' }])
    expect(await catchError(open())).toMatchObject({ code: 'ECONNREFUSED' })
    await proxy.heal()
    expect(read(await exchange(await open()))).toBe(TEXT)
  })

  test('nothing passes where it times out, also of what was open; healed, such a connection is reset', async () => {
    const socket = await open()
    await proxy.spoil({ kind: 'timeout' })
    const failed = catchError(exchange(socket))
    await expect.poll(() => proxy.spoiled).toBe(1)
    expect(socket.bytesRead).toBe(0)
    await proxy.heal()
    expect(await failed).toMatchObject({ code: 'ECONNRESET' })
    await expect.poll(() => proxy.connections).toBe(0)
  })
})

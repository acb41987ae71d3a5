import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { type Address, isLoopback } from '../../../../runtime/api/address.js'
import type { Closing, Link } from '../../../../runtime/transport/session/link.js'
import { isCongested } from '../../../../runtime/transport/session/streams/open-stream.js'
import { dialLink, LinkAcceptor } from '../../../../runtime/transport/session/websocket-link.js'

describe('a link over a WebSocket', () => {
  let server: Server
  let address: Address

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  interface Dialled {
    readonly raw: WebSocket
    /** The other end of it, with what it has heard. */
    readonly link: Link
    readonly frames: string[]
    readonly closings: Closing[]
  }

  const dialRaw = async (): Promise<Dialled> => {
    const acceptor = new LinkAcceptor()
    const frames: string[] = []
    const closings: Closing[] = []
    const accepted = new Promise<Link>((resolve) => {
      server.once('upgrade', (request, socket, head) => {
        acceptor.accept(request, socket, head, (link) => {
          link.listen({ onFrame: (frame) => frames.push(frame), onClose: (closing) => closings.push(closing) })
          resolve(link)
        })
      })
    })
    const raw = new WebSocket(`ws://127.0.0.1:${address.port}`, 'netgen.v1')
    await once(raw, 'open')
    return { raw, link: await accepted, frames, closings }
  }

  test.each([
    ['ASCII', 'plain'],
    ['Latin-1', 'é'],
    ['more than one unit', 'Łódź 😀'],
    ['nothing', ''],
  ])('reads a frame of %s', async (_, text) => {
    const { raw, frames } = await dialRaw()
    raw.send(text)
    await expect.poll(() => frames).toEqual([text])
    raw.terminate()
  })

  test.each<[string, Buffer, boolean, string]>([
    ['is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), false, 'a frame is not UTF-8'],
    ['holds half a surrogate', Buffer.from([0xed, 0xa0, 0x80]), false, 'a frame is not UTF-8'],
    ['is binary', Buffer.from('text'), true, 'frames have to be text'],
  ])('closes with 4400 where a frame %s', async (_, bytes, binary, reason) => {
    const { raw, frames } = await dialRaw()
    raw.send(bytes, { binary })
    const [code, text] = (await once(raw, 'close')) as [number, Buffer]
    expect([code, text.toString()]).toEqual([4400, reason])
    expect(frames).toEqual([])
  })

  test('that is closing resumes nobody, who would only find it full again', async () => {
    const { raw, link, closings } = await dialRaw()
    let resumes = 0
    // An end to what would hold up the process for ever.
    const resume = (): void => void (++resumes < 1_000 && isCongested(link, resume))
    raw.pause()
    for (let mebibytes = 0; mebibytes < 32; mebibytes++) link.send('x'.repeat(1_048_576))
    expect(isCongested(link, resume)).toBe(true)
    link.close(1000, '')
    expect(isCongested(link, resume)).toBe(true)
    raw.terminate()
    await expect.poll(() => closings).toHaveLength(1)
    expect(resumes).toBe(0)
  })

  test('resumes whoever waits when what was sent has left', async () => {
    const { raw, link } = await dialRaw()
    raw.pause()
    for (let mebibytes = 0; mebibytes < 32; mebibytes++) link.send('x'.repeat(1_048_576))
    const drained = new Promise<void>((resolve) => void isCongested(link, resolve))
    raw.resume()
    await drained
    expect(link.bufferedBytes).toBe(0)
    raw.terminate()
  })

  test('that is given up while the other side still thinks about it fails then, and leaves no socket', async () => {
    const asked = once(server, 'upgrade')
    const dialling = new AbortController()
    const dialled = dialLink(address, {}, 60_000, dialling.signal).catch((error: Error) => error)
    const [, socket] = (await asked) as [unknown, Socket]
    dialling.abort()
    expect(await dialled).toMatchObject({ message: 'WebSocket was closed before the connection was established' })
    socket.resume().on('error', () => {})
    await expect.poll(() => socket.readableEnded || socket.destroyed).toBe(true)
    socket.destroy()
  })

  test('is read by any WebSocket server, though it masks nothing on loopback', async () => {
    const frames: string[] = []
    const masks: number[][] = []
    const others = new WebSocketServer({ server, handleProtocols: () => 'netgen.v1' })
    others.on('connection', (socket, { socket: stream }) => {
      // FIN and text, masked and 5 bytes long, then the mask.
      stream.prependListener('data', (chunk: Buffer) => masks.push([...chunk.subarray(0, 6)]))
      socket.on('message', (frame) => frames.push(String(frame)))
    })
    const link = await dialLink(address, {}, 1_000, new AbortController().signal)
    link.listen({ onFrame: () => {}, onClose: () => {} })
    link.send('hello')
    await expect.poll(() => frames).toEqual(['hello'])
    expect(masks).toEqual([[0x81, 0x85, 0, 0, 0, 0]])
    link.terminate()
  })

  describe('that was dialled', () => {
    const dial = (): Promise<Link> => {
      new WebSocketServer({ server, handleProtocols: () => 'netgen.v1' })
      return dialLink(address, {}, 1_000, new AbortController().signal)
    }
    afterEach(() => {
      vi.useRealTimers()
      vi.restoreAllMocks()
    })

    test('and is held back here does not take the other side for dead', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
      const link = await dial()
      const closings: Closing[] = []
      link.listen({ onFrame: () => {}, onClose: (closing) => closings.push(closing) })
      link.pause()
      for (let beat = 0; beat < 4; beat++) {
        vi.advanceTimersByTime(15_000)
        await delay(50)
      }
      link.resume()
      await delay(50)
      expect(closings).toEqual([])
      link.terminate()
    })

    test('and is given up before anybody listens leaves no timer', async () => {
      const set = vi.spyOn(globalThis, 'setInterval')
      const clear = vi.spyOn(globalThis, 'clearInterval')
      const link = await dial()
      const beat = set.mock.results.at(-1)?.value
      link.terminate()
      await expect.poll(() => clear.mock.calls.flat()).toContain(beat)
    })
  })
})

test.each([
  ['127.0.0.1', true],
  ['127.255.0.9', true],
  ['::1', true],
  ['localhost', false],
  ['128.0.0.1', false],
  ['127.0.0.1.example.org', false],
  ['192.168.0.7', false],
])('%s is loopback: %s', (host, want) => {
  expect(isLoopback(host)).toBe(want)
})

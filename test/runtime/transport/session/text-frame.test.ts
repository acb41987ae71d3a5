import type { Duplex } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import { FrameText, writeTextFrame } from '../../../../runtime/transport/session/text-frame.js'

/** The first bytes of a frame, in hexadecimal. */
function printHead(length: number, isMasked: boolean, bytes: number): string {
  return Buffer.from(writeTextFrame('x'.repeat(length), isMasked), 'latin1').toString('hex', 0, bytes)
}

describe('the head of a frame says how long its text is', () => {
  test.each<[number, string, string]>([
    [0, '8100', '8180'],
    [1, '8101', '8181'],
    [125, '817d', '81fd'],
    [126, '817e007e', '81fe007e'],
    [256, '817e0100', '81fe0100'],
    [65_535, '817effff', '81feffff'],
    [65_536, '817f0000000000010000', '81ff0000000000010000'],
    [4_194_304, '817f0000000000400000', '81ff0000000000400000'],
  ])('%d', (length, plain, masked) => {
    expect(printHead(length, false, plain.length / 2)).toBe(plain)
    expect(printHead(length, true, masked.length / 2 + 4)).toBe(`${masked}00000000`)
  })
})

test.each([0, 1, 125, 126, 65_535, 65_536])('%d bytes of ASCII are the same frame as bytes', (length) => {
  const text = 'x'.repeat(length)
  for (const isMasked of [true, false]) {
    const written = Buffer.from(writeTextFrame(text, isMasked), 'latin1')
    for (const isAscii of [true, false]) {
      const frame = new FrameText(text, isAscii)
      expect(frame.isAscii).toBe(true)
      expect(frame.enclose(isMasked).equals(written)).toBe(true)
    }
  }
})

test.each([
  ['Latin-1', 'é'.repeat(100)],
  ['much Latin-1', 'é'.repeat(40_000)],
  ['more than one unit', 'Łódź 😀'.repeat(5_000)],
])('the head of a frame with %s counts its bytes', async (_, text) => {
  const frame = new FrameText(text, false)
  expect(frame.isAscii).toBe(false)
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  server.on('connection', (_accepted, { socket }) => {
    const below: Duplex = socket
    below.write(frame.enclose(false))
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}`)
  const read = await new Promise((resolve, reject) => {
    client.once('error', reject).once('message', (data: RawData) => resolve(String(data)))
  })
  expect(read).toBe(text)
  client.terminate()
  server.close()
})

test.each([0, 1, 125, 126, 65_535, 65_536, 1_000_000])(
  'a text of %d bytes is read as it was written',
  async (length) => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    const texts: string[] = []
    server.on('connection', (accepted, { socket }) => {
      accepted.on('message', (data: RawData) => {
        texts.push(String(data))
        // Back by the same way, without a mask.
        const below: Duplex = socket
        below.write(writeTextFrame(String(data), false), 'latin1')
      })
    })
    await new Promise((resolve) => server.once('listening', resolve))
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as { port: number }).port}`)
    const text = '0123456789'.repeat(Math.ceil(length / 10)).slice(0, length)
    const back = new Promise((resolve, reject) => {
      client.once('error', reject).once('message', (data: RawData) => resolve(String(data)))
    })
    client.once('upgrade', ({ socket }) => {
      client.once('open', () => socket.write(writeTextFrame(text, true), 'latin1'))
    })
    expect(await back).toBe(text)
    expect(texts).toEqual([text])
    client.terminate()
    server.close()
  },
)

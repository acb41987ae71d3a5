import { createSocket, Socket } from 'node:dgram'
import { once } from 'node:events'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { Beats } from '../../../../runtime/discovery/beats/beats.js'
import { type Beat, openBeat, sealBeat } from '../../../../runtime/discovery/beats/datagram.js'
import { Greeter } from '../../../../runtime/discovery/greetings/greeter.js'
import type { Claims } from '../../../../runtime/discovery/provider.js'
import { Trust } from '../../../../runtime/transport/http/trust.js'
import { createPeer } from '../fake-provider.js'

const key = Buffer.alloc(32, 1)
const SELF = 'aaaaaaaaaaaaaaaa'
const OTHER = 'bbbbbbbbbbbbbbbb'
const closing: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** Another peer's end: its socket, and what it heard. */
interface Other {
  readonly socket: Socket
  readonly port: number
  readonly heard: Beat[]
}

async function openOther(id = OTHER): Promise<Other> {
  const socket = createSocket('udp4')
  const heard: Beat[] = []
  socket.on('message', (datagram) => heard.push(openBeat(datagram, key, id) ?? expect.fail('expected a beat')))
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  closing.push(() => socket.close())
  return { socket, port: socket.address().port, heard }
}

async function findFreePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = socket.address()
  socket.close()
  return port
}

async function startBeats(at?: number, greeter?: Greeter) {
  const port = at ?? (await findFreePort())
  const warn = vi.fn()
  const logger = { debug() {}, info() {}, warn, error() {} }
  const beats = new Beats({ key, findBound: () => ({ host: '127.0.0.1', port }), greeter, logger })
  const claims = {
    add: vi.fn<Claims['add']>(),
    answered: vi.fn<Claims['answered']>(),
    remove: vi.fn<Claims['remove']>(),
  }
  await beats.start(createPeer(SELF, { port }), claims)
  closing.push(() => beats.stop())
  return { beats, claims, port, warn }
}

const say = (beat: Partial<Beat>): Buffer =>
  sealBeat({ kind: 'beat', senderId: OTHER, receiverId: SELF, port: 3010, sequence: 1, echo: 0, ...beat }, key)

describe('beats', () => {
  test('leave no socket where the peer is closed before, or while, theirs is opened', async () => {
    const logger = { debug() {}, info() {}, warn: vi.fn(), error() {} }
    const claims: Claims = { add: vi.fn(), answered: vi.fn(), remove: vi.fn() }
    const port = await findFreePort()
    for (const stopFirst of [true, false]) {
      const beats = new Beats({ key, findBound: () => ({ host: '127.0.0.1', port }), logger })
      if (stopFirst) await beats.stop()
      const starting = beats.start(createPeer(SELF, { port }), claims)
      await beats.stop()
      await starting
    }
    // Whoever comes next has the port.
    expect((await startBeats(port)).warn).not.toHaveBeenCalled()
  })

  test('of a stranger with the key are answered at once, and have it asked who it is, but not each time', async () => {
    const { claims, port } = await startBeats()
    const { socket, heard } = await openOther()
    for (let sequence = 1; sequence <= 3; sequence++) {
      socket.send(say({ sequence }), port, '127.0.0.1')
      await expect.poll(() => heard.length).toBe(sequence)
    }
    expect(heard.map(({ kind, sequence, echo }) => [kind, sequence, echo])).toEqual([
      ['reply', 1, 1],
      ['reply', 2, 2],
      ['reply', 3, 3],
    ])
    expect(claims.add).toHaveBeenCalledExactlyOnceWith({ host: '127.0.0.1', port: 3010 }, expect.anything())
    expect(claims.answered).not.toHaveBeenCalled()
  })

  test('of a stranger have it greeted twice, and asked over HTTP a second later alone, where it does not answer', async () => {
    const greeter = new Greeter({ sealer: new Trust(Buffer.alloc(32, 1)), findBound: () => undefined })
    const greet = vi.spyOn(greeter, 'greet').mockReturnValue(true)
    const { claims, port } = await startBeats(undefined, greeter)
    const { socket, heard, port: theirs } = await openOther()
    const beganAtMs = performance.now()
    for (let sequence = 1; claims.add.mock.calls.length === 0; sequence++) {
      socket.send(say({ sequence }), port, '127.0.0.1')
      await expect.poll(() => heard.length).toBe(sequence)
    }
    expect(performance.now() - beganAtMs).toBeGreaterThanOrEqual(1_000)
    expect(greet.mock.calls).toEqual(Array(2).fill([{ host: '127.0.0.1', port: theirs }]))
    expect(claims.add).toHaveBeenCalledExactlyOnceWith({ host: '127.0.0.1', port: 3010 }, expect.anything())
  })

  test('that are forged, replayed, for somebody else, oversize or junk are not even answered', async () => {
    const { claims, port } = await startBeats()
    const { socket, heard } = await openOther()
    socket.send(say({ sequence: 5 }), port, '127.0.0.1')
    await expect.poll(() => heard.length).toBe(1)
    claims.add.mockClear()
    const forged = say({ sequence: 6 })
    forged.writeUInt8(forged.readUInt8(47) ^ 1, 47)
    const hostile = [
      forged,
      say({ sequence: 5 }),
      say({ sequence: 4, kind: 'goodbye' }),
      say({ sequence: 7, receiverId: 'cccccccccccccccc' }),
      say({ sequence: 7, senderId: SELF }),
      sealBeat(
        { kind: 'goodbye', senderId: OTHER, receiverId: SELF, port: 1, sequence: 8, echo: 1 },
        Buffer.alloc(32, 9),
      ),
      Buffer.alloc(60_000, 1),
      Buffer.alloc(0),
    ]
    for (const datagram of hostile) socket.send(datagram, port, '127.0.0.1')
    // They are read in order: once this one is answered, all of them were seen.
    socket.send(say({ sequence: 9 }), port, '127.0.0.1')
    await expect.poll(() => heard.length).toBe(2)
    expect(heard[1]).toMatchObject({ kind: 'reply', echo: 9 })
    for (const claim of Object.values(claims)) expect(claim).not.toHaveBeenCalled()
  })

  test('from port 0, where nobody can be answered, are not read', async () => {
    const bind = vi.spyOn(Socket.prototype, 'bind')
    const { beats, claims } = await startBeats()
    const own = bind.mock.contexts.at(-1) as Socket
    bind.mockRestore()
    own.emit('message', say({}), { address: '127.0.0.1', port: 0, family: 'IPv4', size: 0 })
    expect(claims.add).not.toHaveBeenCalled()
    await beats.stop()
  })

  test('are lost where Node refuses to send them, also the goodbye', async () => {
    const { beats } = await startBeats()
    beats.notice({ type: 'joined', peer: createPeer(OTHER, { port: 0 }) })
    closing.push(beats.watch())
    await expect(beats.stop()).resolves.toBeUndefined()
  })

  test('go to each peer of the table every 250 ms while somebody follows, and say when it answered', async () => {
    const { beats, claims, port } = await startBeats()
    const { socket, heard, port: theirs } = await openOther()
    const peer = createPeer(OTHER, { port: theirs })
    beats.notice({ type: 'joined', peer })
    const startedAtMs = performance.now()
    closing.push(beats.watch())
    await expect.poll(() => heard.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(4)
    expect(performance.now() - startedAtMs).toBeGreaterThan(600)
    expect(heard[3]).toMatchObject({ kind: 'beat', senderId: SELF, sequence: 4, echo: 0 })
    socket.send(say({ echo: 4 }), port, '127.0.0.1')
    await expect.poll(() => claims.answered.mock.calls.length).toBe(1)
    const [answered, sentAtMs] = claims.answered.mock.calls[0] ?? expect.fail('expected an answer')
    expect(answered).toBe(peer)
    expect(sentAtMs).toBeGreaterThan(startedAtMs + 600)
    expect(claims.add).not.toHaveBeenCalled()
    // It will hear in the next beat that its own came.
    await expect.poll(() => heard.at(-1)?.echo).toBe(1)
    expect(new Set(heard.map(({ kind }) => kind))).toEqual(new Set(['beat']))
  })

  test('go on to a peer that was given up, and to none that said goodbye', async () => {
    const { beats, claims, port } = await startBeats()
    const [lost, left] = [await openOther(), await openOther('cccccccccccccccc')]
    const lostPeer = createPeer(OTHER, { port: lost.port })
    const leftPeer = createPeer('cccccccccccccccc', { port: left.port })
    for (const peer of [lostPeer, leftPeer]) beats.notice({ type: 'joined', peer })
    closing.push(beats.watch())
    await expect.poll(() => left.heard.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(1)
    left.socket.send(say({ senderId: 'cccccccccccccccc', kind: 'goodbye' }), port, '127.0.0.1')
    await expect.poll(() => claims.remove.mock.calls.map(([id]) => id)).toEqual(['cccccccccccccccc'])
    for (const peer of [lostPeer, leftPeer]) beats.notice({ type: 'left', peer })
    const [lostBefore, leftBefore] = [lost.heard.length, left.heard.length]
    await expect.poll(() => lost.heard.length, { timeout: 5_000 }).toBeGreaterThan(lostBefore + 2)
    expect(left.heard.length).toBeLessThanOrEqual(leftBefore + 1)
  })

  test('end with a goodbye, said three times to whoever would miss them', async () => {
    const { beats, port } = await startBeats()
    const [known, stranger] = [await openOther(), await openOther('cccccccccccccccc')]
    beats.notice({ type: 'joined', peer: createPeer(OTHER, { port: known.port }) })
    stranger.socket.send(say({ senderId: 'cccccccccccccccc' }), port, '127.0.0.1')
    await expect.poll(() => stranger.heard.length).toBe(1)
    await beats.stop()
    for (const { heard } of [known, stranger]) {
      await expect.poll(() => heard.filter(({ kind }) => kind === 'goodbye').length).toBe(3)
    }
  })

  test('are left out where their port is taken, which is a warning', async () => {
    const { port, socket } = await openOther()
    const { warn, beats } = await startBeats(port)
    expect(warn).toHaveBeenCalledExactlyOnceWith('no beats are sent, since their port of UDP is taken', {
      host: '127.0.0.1',
      port,
      error: expect.objectContaining({ code: 'EADDRINUSE' }),
    })
    await beats.stop()
    expect(socket.address().port).toBe(port)
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createPeer } from 'netgen/runtime'
import { expect, test } from 'vitest'
import { schema } from '../../../fixtures/hostile/generated/schema.js'
import { openTrust } from '../../../runtime/peer/open-trust.js'
import { silent } from '../../runtime/behaviour/harness.js'
import { HELLO } from '../attack-session.js'
import { startHostileServer, writeServerFrame } from '../hostile-server.js'
import { CheckedHandlers } from '../target/checked-handlers.js'
import { INPUTS, JSON_WORDS } from './bodies.js'
import { SESSION_WORDS } from './frames.js'
import { Mutator } from './mutate.js'

const CASES = Number(process.env['NETGEN_FUZZ_CASES'] ?? 10_000)
const SEED = Number(process.env['NETGEN_FUZZ_SEED'] ?? 1)

/** So many events come in one frame. */
const BATCH = 20
/** Of so many frames one is wrong as a whole, which ends the session; then the subscriber comes again. */
const WRONG_FRAME_EVERY = 20

/** The first byte of a frame that closes (RFC 6455, 5.5.1). */
const CLOSE_FRAME = 0x88

const PARCELS = (INPUTS[0]?.[1] ?? []).map((parcel) => JSON.stringify(parcel))

test('mutated events of a hostile publisher reach no handler, or are what the schema allows', {
  timeout: 60_000 + CASES * 6,
}, async () => {
  const registry = await mkdtemp(join(tmpdir(), 'netgen-events-'))
  const { trust } = await openTrust(registry, undefined)
  const payloads = new Mutator(
    SEED,
    PARCELS.map((parcel) => Buffer.from(parcel)),
    JSON_WORDS,
  )
  const lines = new Mutator(
    SEED,
    PARCELS.map((parcel) => Buffer.from(`[10,1,1,1772000000000,${parcel}]\n`)),
    SESSION_WORDS,
  )
  const handlers = new CheckedHandlers()
  let sent = 0
  let sequence = 0
  let frames = 0
  let sessions = 0

  /** A line that is JSON with a payload that may be anything, so that it is read as far as the payload. */
  const writeEvent = (): string => {
    let payload = payloads.next().toString('utf8')
    while (!isJson(payload)) payload = payloads.next().toString('utf8')
    return `[10,1,${++sequence},1772000000000,${payload}]\n`
  }
  const writeNext = (): Buffer => {
    if (++frames % WRONG_FRAME_EVERY === 0) {
      sent++
      return writeServerFrame(lines.next())
    }
    sent += BATCH
    return writeServerFrame(Array.from({ length: BATCH }, writeEvent).join(''))
  }
  // Many come behind a frame that ended their session, the more the busier the machine is: it goes on until enough were read.
  const isEnough = (): boolean =>
    sent >= CASES && handlers.counts.ran > CASES / 20 && sessions > CASES / BATCH / WRONG_FRAME_EVERY / 2
  const flood = (socket: Socket): void => {
    if (socket.destroyed || isEnough()) return
    socket.write(writeNext(), () => setImmediate(() => flood(socket)))
  }
  const server = await startHostileServer(trust, (socket, head) => {
    sessions++
    socket.write(head)
    socket.write(writeServerFrame(`${HELLO}\n`))
    // What is sent over loopback is masked with zeros, and so can be read.
    socket.on('data', (text) => {
      // A subscriber that has had enough hears nothing more.
      if (String(text).charCodeAt(0) === CLOSE_FRAME) socket.destroy()
      const asked = /\[9,(\d+),"schema\.kept"\]/.exec(String(text))?.[1]
      if (asked === undefined) return
      socket.write(writeServerFrame(`[2,${asked},{"event":1,"sequence":${sequence},"leaseMs":30000}]\n`))
      flood(socket)
    })
  })

  const keys = Reflect.ownKeys(Object.prototype)
  const peer = await createPeer({ registry, port: 0, logger: silent, peers: [server.address] })
  try {
    const { kept } = peer.connect(schema)
    await kept.subscribe((parcel) => void handlers.keep(parcel))
    await expect.poll(isEnough, { timeout: 50_000 + CASES * 6 }).toBe(true)
    expect(handlers.counts.violations).toEqual([])
    expect(Reflect.ownKeys(Object.prototype)).toEqual(keys)
  } finally {
    await peer.close()
    await server.close()
    await rm(registry, { recursive: true })
  }
})

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return !text.includes('\n')
  } catch {
    return false
  }
}

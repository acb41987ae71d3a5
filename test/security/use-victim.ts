import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { authorize, createPeer, type Peer, type PeerOptions } from 'netgen/runtime'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import { schema } from '../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../fixtures/behaviour/generated/streams.js'
import { Handlers } from '../runtime/behaviour/handlers.js'
import { silent } from '../runtime/behaviour/harness.js'
import { countSockets } from '../runtime/behaviour/socket-harness.js'
import { StreamHandlers } from '../runtime/behaviour/stream-handlers.js'
import { connectRaw, writeHead } from '../runtime/transport/http/raw-client.js'

/** A peer that is attacked. */
export interface Victim {
  readonly peer: Peer
  /** Its registry folder. */
  readonly registry: string
  /** What opens its door: attackers have it where nothing else shall be against them. */
  readonly headers: Readonly<Record<string, string>>
  /** What ran of its handlers. A test that has something run takes it away: what is left fails it. */
  readonly ran: string[]
}

/** How long sockets may take to be gone, in milliseconds. */
const SOCKETS_GONE_MS = 2_000

const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, Error.prototype]

const listPrototypeKeys = (): PropertyKey[][] => PROTOTYPES.map((prototype) => Reflect.ownKeys(prototype))

/**
 * Starts a peer before each test. After it nothing has run that was not taken away, the peer answers that it is well, sockets are
 * back to their number within 2 s, and no prototype has a key more or less. That the process lives is what runs the tests.
 */
export function useVictim(options: PeerOptions = {}): () => Victim {
  let victim: Victim | undefined
  let sockets = 0
  let keys: PropertyKey[][] = []

  beforeEach(async () => {
    const registry = await mkdtemp(join(tmpdir(), 'netgen-victim-'))
    keys = listPrototypeKeys()
    // Both forms of loopback are listened on.
    sockets = countSockets() + 2
    const peer = await createPeer({ registry, port: 0, logger: silent, ...options })
    const ran: string[] = []
    peer.connect(schema, Object.assign(new Handlers(), { ran }))
    peer.connect(streams, Object.assign(new StreamHandlers(), { told: ran }))
    const headers = await authorize(`127.0.0.1:${peer.port}`, { registry, ...(options.key && { key: options.key }) })
    victim = { peer, registry, headers, ran }
  })

  afterEach(async () => {
    const { peer, registry, ran } = find()
    try {
      expect(ran).toEqual([])
      expect(await askHealth(peer.port)).toContain('{"status":"ok"}')
      await vi.waitFor(() => expect(countSockets()).toBeLessThanOrEqual(sockets), { timeout: SOCKETS_GONE_MS })
      expect(listPrototypeKeys()).toEqual(keys)
    } finally {
      await peer.close({ drainMs: 0 })
      await rm(registry, { recursive: true })
    }
  })

  function find(): Victim {
    if (victim === undefined) throw new Error('there is a victim in tests alone')
    return victim
  }
  return find
}

async function askHealth(port: number): Promise<string> {
  const client = await connectRaw(port)
  client.socket.write(writeHead('GET /netgen/v1/health HTTP/1.1', `Host: 127.0.0.1:${port}`, 'Connection: close'))
  return client.readAll()
}

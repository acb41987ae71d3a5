import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { authorize, createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { schema } from '../../../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../../../fixtures/behaviour/generated/streams.js'
import { Handlers } from '../../behaviour/handlers.js'
import { silent } from '../../behaviour/harness.js'
import { StreamHandlers, waitForAbort } from '../../behaviour/stream-handlers.js'
import { useTemporaryFolder } from '../../discovery/temporary-folder.js'
import { connectRaw, type RawClient, writeHead } from './raw-client.js'

const folder = useTemporaryFolder()

// Node has it from its command line on, or so.
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('over one connection', () => {
  let peer: Peer
  let client: RawClient
  let handlers: StreamHandlers
  let headers: string[]
  let waiting: number

  beforeEach(async () => {
    waiting = 0
    peer = await createPeer({ registry: folder(), port: 0, logger: silent })
    handlers = new StreamHandlers()
    peer.connect(streams, handlers)
    const put = (): Promise<string> => {
      waiting++
      return new Promise(() => {})
    }
    peer.connect(schema, Object.assign(new Handlers(), { put }))
    const shown = await authorize(`127.0.0.1:${peer.port}`, { registry: folder() })
    headers = Object.entries(shown).map(([name, value]) => `${name}: ${value}`)
    client = await connectRaw(peer.port)
  })
  afterEach(async () => {
    client.socket.destroy()
    await peer.close({ drainMs: 0 })
  })

  const head = (tag: string, ...more: readonly string[]): string =>
    writeHead(
      `POST /netgen/v1/${tag} HTTP/1.1`,
      `Host: 127.0.0.1:${peer.port}`,
      'content-type: application/json',
      ...headers,
      ...more,
    )
  const post = (tag: string, body: string, ...more: readonly string[]): string =>
    head(tag, `content-length: ${body.length}`, ...more) + body

  test('a stream whose reader has stopped is over at its deadline, and holds up no close', async () => {
    handlers.onFollow = async function* () {
      for (;;) yield { name: 'x'.repeat(60_000), at: new Date() }
    }
    client.socket.pause()
    client.socket.write(post('streams.follow', 'null', 'netgen-timeout-ms: 300'))
    await sleep(1_000)
    const beganAtMs = performance.now()
    await peer.close({ drainMs: 10_000 })
    // An answer that was given has a second to leave.
    expect(performance.now() - beganAtMs).toBeLessThan(5_000)
  })

  test('streams are not begun without end', async () => {
    let begun = 0
    // biome-ignore lint/correctness/useYield: It waits.
    handlers.onFollow = async function* (context) {
      begun++
      await waitForAbort(context.signal)
    }
    client.socket.write(post('streams.follow', 'null').repeat(3_000))
    await client.readAll()
    expect(begun).toBeLessThanOrEqual(256)
  })

  test('nor do calls wait without end, or repeats of one', async () => {
    client.socket.write(post('schema.put', '{"name":"a","text":"b"}', 'netgen-call-id: x1').repeat(3_000))
    expect(await client.readAll()).toBe('')
    expect(waiting).toBe(1)
  })

  test('a body that comes byte by byte takes about as much memory as one that comes at once', async () => {
    const use = (): number => {
      collectGarbage()
      const { heapUsed, external } = process.memoryUsage()
      return heapUsed + external
    }
    client.socket.write(head('schema.echo', 'transfer-encoding: chunked'))
    await sleep(100)
    const before = use()
    for (let part = 0; part < 50; part++) {
      client.socket.write('1\r\n1\r\n'.repeat(10_000))
      await sleep(20)
    }
    await expect.poll(() => client.socket.writableLength).toBe(0)
    await sleep(500)
    expect((use() - before) / 1e6).toBeLessThan(20)
  })
})

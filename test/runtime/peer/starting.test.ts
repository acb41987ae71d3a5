import { afterEach, expect, test } from 'vitest'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { createPeerId, startPeer } from '../../../runtime/peer/create-peer.js'
import { readEnvironment } from '../../../runtime/peer/environment.js'
import { readSettings } from '../../../runtime/peer/peer-options.js'
import { Conditions } from '../../../runtime/transport/memory/conditions.js'
import { MemorySwitch, MemoryTransport } from '../../../runtime/transport/memory/memory-transport.js'
import { Handlers } from '../behaviour/handlers.js'
import { catchError, silent } from '../behaviour/harness.js'
import { FakeProvider } from '../discovery/fake-provider.js'

/** A provider that takes its time to make a peer known. */
class SlowProvider extends FakeProvider {
  goOn = (): void => {}

  override async start(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.goOn = resolve
    })
  }
}

const settings = readSettings({ logger: silent, strictLocal: true, retryMs: 20_000 }, readEnvironment({}))
const memorySwitch = new MemorySwitch(new Conditions({ latencyMs: 0, reorder: false, seed: 1 }))
const closing: Promise<{ close(): Promise<void> }>[] = []
afterEach(async () => {
  for (const peer of closing.splice(0)) await (await peer).close()
})

function start(provider: FakeProvider): ReturnType<typeof startPeer> {
  const transport = new MemoryTransport(memorySwitch)
  const peer = startPeer(settings, { id: createPeerId(), transport, providers: [provider] })
  closing.push(peer)
  return peer
}

test('calls that reach a peer before its maker could connect its schemas are repeated', async () => {
  const stub = (await start(new FakeProvider())).connect(schema)
  const provider = new SlowProvider()
  const starting = start(provider)
  await expect.poll(() => memorySwitch.peers).toHaveLength(2)
  const { host, port } = memorySwitch.peers[1] as { host: string; port: number }
  const peer = `${host}:${port}`

  const refused = await catchError(stub.add({ left: 1, right: 2 }, { peer, retryMs: 0 }))
  expect(refused).toMatchObject({ code: 'unavailable', maybeExecuted: false })
  expect(refused.message).toBe(`default@${peer} has no connection "schema.add" yet: it is starting`)
  const repeated = stub.add({ left: 1, right: 2 }, { peer })
  provider.goOn()
  ;(await starting).connect(schema, new Handlers())
  expect(await repeated).toBe(3)
})

test('a peer that has started has no connections but those that it was given', async () => {
  const stub = (await start(new FakeProvider())).connect(schema)
  const { host, port } = await start(new FakeProvider())
  const error = await catchError(stub.add({ left: 1, right: 2 }, { peer: `${host}:${port}` }))
  expect(error).toMatchObject({ code: 'unimplemented', maybeExecuted: false })
})

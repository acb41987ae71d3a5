import { setTimeout as sleep } from 'node:timers/promises'
import { createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { schema } from '../../../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../../../fixtures/behaviour/generated/streams.js'
import { Handlers } from '../../behaviour/handlers.js'
import { silent } from '../../behaviour/harness.js'
import { StreamHandlers, waitForAbort } from '../../behaviour/stream-handlers.js'
import { useTemporaryFolder } from '../../discovery/temporary-folder.js'

const folder = useTemporaryFolder()

describe('streams over HTTP', () => {
  let callee: Peer
  let caller: Peer
  let handlers: StreamHandlers

  beforeEach(async () => {
    callee = await createPeer({ registry: folder(), port: 0, logger: silent })
    handlers = new StreamHandlers()
    callee.connect(streams, handlers)
    callee.connect(schema, new Handlers())
    caller = await createPeer({ registry: folder(), port: 0, logger: silent, transport: 'http', timeoutMs: 5_000 })
  })
  afterEach(() => Promise.all([caller, callee].map((peer) => peer.close({ drainMs: 0 }))))

  test('bring items of 1 MB to a reader that takes its time', async () => {
    handlers.onFollow = async function* () {
      for (let made = 0; made < 3; made++) yield { name: 'x'.repeat(1_000_000), at: new Date() }
    }
    let got = 0
    for await (const { name } of caller.connect(streams).follow({ peer: callee.id })) {
      expect(name).toHaveLength(1_000_000)
      got++
      await sleep(300)
    }
    expect(got).toBe(3)
  })

  test('take no calls their connections', async () => {
    handlers.onFollow = async function* (context) {
      yield { name: 'a', at: new Date() }
      await waitForAbort(context.signal)
    }
    const [other] = await caller.peers()
    if (other === undefined) throw new Error('nobody is there')
    const open = Array.from({ length: 256 }, () => caller.connect(streams).follow({ peer: other }))
    await Promise.all(open.map((stream) => stream.next()))
    expect(await caller.connect(schema).add({ left: 1, right: 2 }, { peer: other })).toBe(3)
    expect(await caller.ping(other)).toMatchObject({ peer: { id: callee.id } })
  })
})

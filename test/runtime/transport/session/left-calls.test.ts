import { setTimeout as delay } from 'node:timers/promises'
import { authorize, createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { events } from '../../../../fixtures/behaviour/generated/events.js'
import { schema } from '../../../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../../../fixtures/behaviour/generated/streams.js'
import { attackSession } from '../../../security/attack-session.js'
import { Handlers } from '../../behaviour/handlers.js'
import { silent } from '../../behaviour/harness.js'
import { StreamHandlers } from '../../behaviour/stream-handlers.js'
import { useTemporaryFolder } from '../../discovery/temporary-folder.js'

const folder = useTemporaryFolder()

describe('over a session', () => {
  let here: Peer
  let there: Peer

  beforeEach(async () => {
    here = await createPeer({ registry: folder(), port: 0, logger: silent })
    there = await createPeer({ registry: folder(), port: 0, logger: silent })
  })
  afterEach(() => Promise.all([here, there].map((peer) => peer.close({ drainMs: 0 }))))

  const attack = async (): ReturnType<typeof attackSession> => {
    const headers = await authorize(`127.0.0.1:${there.port}`, { registry: folder() })
    return attackSession({ peer: there, registry: folder(), headers, ran: [] })
  }

  test('whoever subscribes while its calls wait loses none of them', async () => {
    const add = ({ left, right }: { left: number; right: number }): number => {
      const endsAtMs = performance.now() + 2
      while (performance.now() < endsAtMs);
      return left + right
    }
    there.connect(schema, Object.assign(new Handlers(), { add }))
    there.connect(events)
    const stub = here.connect(schema)
    const work = (many: number): Promise<number>[] =>
      Array.from({ length: many }, (_, left) => stub.add({ left, right: 1 }, { peer: there.id, timeoutMs: 20_000 }))
    await Promise.all(work(1))
    const calls = work(50)
    await delay(10)
    const subscription = here.connect(events).counted.subscribe(() => {}, { peers: [there.id] })
    for (let round = 0; round < 10; round++) {
      calls.push(...work(3))
      await delay(2)
    }
    const results = await Promise.allSettled(calls)
    expect(results.filter(({ status }) => status === 'rejected')).toEqual([])
    await subscription
  })

  test('no answer follows a cancellation', async () => {
    const handlers = new Handlers()
    there.connect(schema, handlers)
    const session = await attack()
    session.send('[1,1,"schema.wait",30000,{"ms":20000}]')
    await expect.poll(() => handlers.ran).toEqual(['wait'])
    session.send('[4,1]', '[1,3,"schema.greet",30000,null]')
    await session.next(([kind, id]) => kind === 2 && id === 3)
    await expect.poll(() => handlers.aborted).toHaveLength(1)
    await delay(50)
    expect(session.messages.slice(1).filter(([, id]) => id === 1)).toEqual([])
    session.socket.terminate()
  })

  test('what is read of an input behind the answer ends', async () => {
    const handlers = new StreamHandlers()
    const read: unknown[] = []
    handlers.onSum = async (input) => {
      void (async () => {
        try {
          for await (const number of input) read.push(number)
        } finally {
          read.push('end')
        }
      })()
      await delay(50)
      return 7
    }
    there.connect(streams, handlers)
    async function* input(): AsyncGenerator<number> {
      yield 1
      await delay(300)
      yield 2
    }
    expect(await here.connect(streams).sum(input(), { peer: there.id })).toBe(7)
    await expect.poll(() => read).toContain('end')
  })

  test('credit for who reads nothing takes no memory', async () => {
    const handlers = new StreamHandlers()
    handlers.onFollow = async function* () {
      for (;;) yield { name: 'x'.repeat(500_000), at: new Date() }
    }
    there.connect(streams, handlers)
    const session = await attack()
    session.send('[1,1,"streams.follow",2000000000,null,{"credit":[1000,4000000000]}]')
    session.socket.pause()
    await delay(1_000)
    // One is sent for each answer to the question whether there is room again.
    const ping = vi.spyOn(WebSocket.prototype, 'ping')
    for (let part = 0; part < 20; part++) {
      session.socket.send('[6,1,1,1]\n'.repeat(10_000))
      await delay(10)
    }
    await delay(1_000)
    expect(ping.mock.calls.length).toBeLessThan(10)
    ping.mockRestore()
    session.socket.terminate()
  })
})

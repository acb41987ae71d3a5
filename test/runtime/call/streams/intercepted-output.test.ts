import { setTimeout as sleep } from 'node:timers/promises'
import { createPeer, type Peer } from 'netgen/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type StreamsStub, streams } from '../../../../fixtures/behaviour/generated/streams.js'
import { catchError, silent } from '../../behaviour/harness.js'
import { StreamHandlers } from '../../behaviour/stream-handlers.js'
import { useTemporaryFolder } from '../../discovery/temporary-folder.js'

const folder = useTemporaryFolder()

describe('what an interceptor makes of a stream, and is in no hurry, ends', () => {
  let peer: Peer
  let stub: StreamsStub

  beforeEach(async () => {
    peer = await createPeer({
      registry: folder(),
      port: 0,
      logger: silent,
      interceptors: {
        caller: [
          async (_, next) => {
            const items = (await next()) as unknown as AsyncIterable<unknown>
            return (async function* () {
              for await (const item of items) {
                await sleep(20_000, undefined, { ref: false })
                yield item
              }
            })() as never
          },
        ],
      },
    })
    stub = peer.connect(streams, new StreamHandlers())
  })
  afterEach(() => peer.close({ drainMs: 0 }))

  const within = <Value>(promise: Promise<Value>): Promise<Value | 'pending'> =>
    Promise.race([promise, sleep(5_000, 'pending' as const)])

  test('at the deadline', async () => {
    const step = catchError(stub.count({ many: 3 }, { timeoutMs: 200 }).next())
    expect(await within(step)).toMatchObject({ code: 'deadline_exceeded' })
  })

  test('when it is left', async () => {
    const items = stub.count({ many: 3 })
    const step = items.next()
    await sleep(50)
    await items.return?.()
    expect(await within(step)).toEqual({ done: true, value: undefined })
  })
})

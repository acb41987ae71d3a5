import { setTimeout as sleep } from 'node:timers/promises'
import { createPeer } from 'netgen/runtime'
import { schema } from '../../fixtures/behaviour/generated/schema.js'
import { Handlers } from '../runtime/behaviour/handlers.js'

/** A server as users write it: on one port, closed by SIGTERM, with nothing else that ends its process. */
const logger = { debug() {}, info() {}, warn() {}, error() {} }
const peer = await createPeer({ port: Number(process.env['PORT']), logger })

class SlowHandlers extends Handlers {
  override async put({ text }: { text: string }): Promise<string> {
    await sleep(5)
    return text
  }

  override async echo(value: unknown): Promise<unknown> {
    await sleep(5)
    return value
  }
}

peer.connect(schema, new SlowHandlers())
process.once('SIGTERM', () => peer.close())
process.send?.(peer.id)

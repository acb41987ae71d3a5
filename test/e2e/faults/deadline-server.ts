import { setTimeout as sleep } from 'node:timers/promises'
import { queryObjects } from 'node:v8'
import { type Context, createPeer } from 'netgen/runtime'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { CallScope } from '../../../runtime/call/scope/call-scope.js'
import { Handlers } from '../../runtime/behaviour/handlers.js'
import { silent } from '../../runtime/behaviour/harness.js'

class LateHandlers extends Handlers {
  override async forget(): Promise<void> {
    await new Promise(() => {})
  }

  override async wait({ ms }: { ms: number }, { signal }: Context): Promise<string> {
    await sleep(ms, undefined, { signal })
    return 'waited'
  }

  override async put({ text }: { text: string }): Promise<string> {
    await sleep(Number(text))
    return text
  }
}

/** Peers in one process, one at each of the ports, which lives until it is killed, or as long as its parent. Asked, it tells how many calls it holds. */
for (const port of (process.env['PORTS'] ?? '').split(',')) {
  const peer = await createPeer({ port: Number(port), logger: silent })
  peer.connect(schema, new LateHandlers())
}
process.on('message', () => process.send?.(queryObjects(CallScope, { format: 'count' })))
process.once('disconnect', () => process.exit())
process.send?.('ready')

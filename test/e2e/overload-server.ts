import { createPeer } from 'netgen/runtime'
import { schema } from '../../fixtures/behaviour/generated/schema.js'
import { Handlers } from '../runtime/behaviour/handlers.js'
import { silent } from '../runtime/behaviour/harness.js'

/** How much time of a processor this process has used, in milliseconds. */
function readCpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/** Takes a millisecond of a processor for a sum. */
class SlowHandlers extends Handlers {
  override add({ left, right }: { left: number; right: number }): number {
    const endsAtMs = readCpuMs() + 1
    while (readCpuMs() < endsAtMs);
    return left + right
  }
}

/** A peer in a process of its own, which tells on request how much time of a processor it has used. */
const peer = await createPeer({ port: 0, logger: silent })
peer.connect(schema, new SlowHandlers())
process.on('message', () => process.send?.(readCpuMs()))
process.send?.(peer.id)
process.once('disconnect', () => void peer.close())

import { createPeer } from 'netgen/runtime'
import { events } from '../../../fixtures/behaviour/generated/events.js'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../../fixtures/behaviour/generated/streams.js'
import { Handlers } from '../../runtime/behaviour/handlers.js'
import { silent } from '../../runtime/behaviour/harness.js'
import { StreamHandlers } from '../../runtime/behaviour/stream-handlers.js'

/** What the server is told: to emit so many events, to let handlers wait in their midst or to let them go on, or to list what they got. */
export type Order = { readonly emit: number } | 'hold' | 'go' | 'list'

/** What it tells: its id when it is ready, that handlers will wait from now on, that one is in its midst, or the list. */
export type Told = { readonly id: string } | 'holding' | 'held' | { readonly called: readonly string[] }

/** After how many items a stream is in its midst. */
const MIDST = 4

const called: string[] = []
let isHolding = false
let letGo = (): void => {}

function tell(told: Told): void {
  process.send?.(told)
}

/** Where a handler is in its midst. */
function pass(): Promise<void> | undefined {
  if (!isHolding) return undefined
  return new Promise((resolve) => {
    letGo = resolve
    tell('held')
  })
}

class HeldHandlers extends Handlers {
  override async echo(value: unknown): Promise<unknown> {
    called.push(String(value).slice(0, 36))
    await pass()
    return value
  }
}

class HeldStreamHandlers extends StreamHandlers {
  override async *count({ many }: { many: number }): AsyncGenerator<number> {
    for (let number = 0; number < many; number++) {
      if (number === MIDST) await pass()
      yield number
    }
  }

  override async sum(input: AsyncIterable<number>): Promise<number> {
    let sum = 0
    for await (const number of input) {
      if (number === MIDST) await pass()
      sum += number
    }
    return sum
  }
}

/** A peer in a process of its own, which lives as long as its parent. */
const peer = await createPeer({
  port: Number(process.env['PORT']),
  advertise: process.env['ADVERTISE'] ?? '',
  key: process.env['KEY'] ?? '',
  logger: silent,
})
peer.connect(schema, new HeldHandlers())
peer.connect(streams, new HeldStreamHandlers())
const { counted } = peer.connect(events)
let emitted = 0
process.on('message', (order: Order) => {
  if (order === 'list') tell({ called })
  else if (order === 'hold') {
    isHolding = true
    tell('holding')
  } else if (order === 'go') {
    isHolding = false
    letGo()
  } else for (let left = order.emit; left > 0; left--) counted.emit(++emitted)
})
process.once('disconnect', () => process.exit())
tell({ id: peer.id })

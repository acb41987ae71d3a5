import { Socket } from 'node:dgram'
import { EventEmitter } from 'node:events'
import { createPeer } from 'netgen/runtime'
import { costly } from '../../../fixtures/hostile/generated/costly.js'
import { schema } from '../../../fixtures/hostile/generated/schema.js'
import { CheckedHandlers } from './checked-handlers.js'
import { listenToLan } from './listen-to-lan.js'
import { StallMeter } from './stall-meter.js'
import type { TargetQuestion, TargetReport, TargetStart } from './start-target.js'

/**
 * A peer that is attacked, in a process of its own, which tells on request how it is. What would end the process is noted instead,
 * so that all of it is told.
 */
const faults: string[] = []
for (const event of ['uncaughtException', 'unhandledRejection', 'warning'] as const) {
  process.on(event, (error: Error) => faults.push(`${event}: ${error?.stack ?? String(error)}`))
}

/** What everything inherits from, as it was before anybody sent anything. */
const PROTOTYPES = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Promise.prototype]
const listKeys = (): string => JSON.stringify(PROTOTYPES.map((each) => Reflect.ownKeys(each).map(String)))
const keysAtFirst = listKeys()

let datagrams = 0
const { emit } = EventEmitter.prototype
Socket.prototype.emit = function countMessages(this: Socket, ...told: Parameters<typeof emit>): boolean {
  if (told[0] === 'message') datagrams++
  return emit.apply(this, told)
}

const handlers = new CheckedHandlers()
const logger = { debug() {}, info() {}, warn() {}, error: (text: string) => faults.push(`error: ${text}`) }
const [host = '', key = ''] = process.argv.slice(2)
const peer = await createPeer({ port: 0, host, key, logger, drainMs: 0 })
peer.connect(schema, handlers)
const nothing = (): void => {}
peer.connect(costly, {
  take: nothing,
  format: nothing,
  formats: nothing,
  match: nothing,
  collect: nothing,
  choose: nothing,
  list: nothing,
  revive: nothing,
  say: nothing,
})
const lan = await listenToLan(peer)

const stall = new StallMeter()

function report(): TargetReport {
  // Twice: what a finalizer lets go of is collected the second time.
  globalThis.gc?.()
  globalThis.gc?.()
  const { heapUsed, external, rss } = process.memoryUsage()
  return {
    ...handlers.counts,
    faults,
    datagrams,
    claims: lan.claims,
    sockets: process.getActiveResourcesInfo().filter((name) => /TCP|UDP/.test(name)).length,
    heldBytes: heapUsed + external,
    rssBytes: rss,
    arePrototypesWhole: listKeys() === keysAtFirst,
  }
}

const answers = { report, pulse: () => 'alive', stall: () => stall.read() }
process.on('message', (asked: TargetQuestion) => process.send?.(answers[asked]()))
process.once('disconnect', () => {
  void Promise.all([lan.close(), peer.close()]).then(() => process.exit(0))
})
process.send?.({ id: peer.id, port: peer.port } satisfies TargetStart)

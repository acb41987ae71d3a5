import { subscribe } from 'node:diagnostics_channel'
import { EventEmitter } from 'node:events'
import { type IncomingMessage, Server, type ServerResponse } from 'node:http'
import { authorize, createPeer } from 'netgen/runtime'
import { schema } from '../../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../../fixtures/behaviour/generated/streams.js'
import { Handlers } from '../../runtime/behaviour/handlers.js'
import { silent } from '../../runtime/behaviour/harness.js'
import { StreamHandlers } from '../../runtime/behaviour/stream-handlers.js'

/** A peer in a process of its own, which tells its parent what came to it, what it answered, and what ran. */
const requests: string[] = []
subscribe('http.server.response.finish', (message) => {
  const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
  // Browsers ask for icons by themselves.
  if (request.url?.startsWith('/netgen/')) requests.push(`${request.method} ${response.statusCode}`)
})
// Of these nothing is published.
Server.prototype.emit = function emitAndTell(this: Server, event: string, ...args: unknown[]): boolean {
  if (event === 'upgrade') requests.push('an upgrade')
  return EventEmitter.prototype.emit.call(this, event, ...args)
}

const peer = await createPeer({ port: 0, logger: silent })
const handlers = new Handlers()
const streamHandlers = new StreamHandlers()
peer.connect(schema, handlers)
peer.connect(streams, streamHandlers)

process.on('message', () => {
  process.send?.({ requests: requests.splice(0), ran: [...handlers.ran.splice(0), ...streamHandlers.told.splice(0)] })
})
process.send?.({ port: peer.port, headers: await authorize(`127.0.0.1:${peer.port}`) })
process.once('disconnect', () => void peer.close())

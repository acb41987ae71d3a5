import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { Fault } from './fault.js'
import { FaultyLane, type LaneOwner } from './faulty-lane.js'

const HOST = '127.0.0.1'

/** Stands between two peers, on a port of its own, and spoils the way between them. It knows nothing of what passes. */
export class FaultProxy {
  readonly #connections = new Set<FaultyConnection>()
  #targetPort = 0
  #server: Server | undefined
  #port = 0
  #fault: Fault = { kind: 'none' }
  #spoiled = 0

  /** Begins to listen on any port; connections go nowhere before `target` is called. */
  static async open(): Promise<FaultProxy> {
    const proxy = new FaultProxy()
    await proxy.#listen()
    return proxy
  }

  get port(): number {
    return this.#port
  }

  get fault(): Fault {
    return this.#fault
  }

  /** How many connections are open now. */
  get connections(): number {
    return this.#connections.size
  }

  /** How many connections lost something, or were ended, by the fault that is there now. */
  get spoiled(): number {
    return this.#spoiled
  }

  /** Says where connections go from now on. */
  target(port: number): void {
    this.#targetPort = port
  }

  /** From now on the way is spoiled like this, also on connections that are open. Resolves when that is so. */
  async spoil(fault: Fault): Promise<void> {
    this.#fault = fault
    this.#spoiled = 0
    if (fault.kind === 'down') await this.#shut()
  }

  /** Nothing is wrong any more, on the same port. Connections of which something was swallowed are reset: they cannot go on. */
  async heal(): Promise<void> {
    const wasDown = this.#fault.kind === 'down'
    this.#fault = { kind: 'none' }
    for (const connection of [...this.#connections]) if (connection.isBroken) connection.reset()
    if (wasDown) await this.#listen()
  }

  async close(): Promise<void> {
    await this.#shut()
  }

  async #listen(): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket))
    server.listen({ host: HOST, port: this.#port, exclusive: true })
    await once(server, 'listening')
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
  }

  async #shut(): Promise<void> {
    for (const connection of [...this.#connections]) connection.reset()
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    server.close()
    await once(server, 'close')
  }

  #accept(near: Socket): void {
    const far = connect({ host: HOST, port: this.#targetPort, allowHalfOpen: true, noDelay: true })
    const connection = new FaultyConnection(this, near, far, {
      onSpoiled: () => this.#spoiled++,
      onClose: () => this.#connections.delete(connection),
    })
    this.#connections.add(connection)
  }
}

/** What a connection tells its proxy, each once. */
interface ConnectionHooks {
  /** Something was lost on it, or it was ended, by the fault. */
  onSpoiled(): void
  onClose(): void
}

/** Both directions of one connection. */
class FaultyConnection implements LaneOwner {
  readonly #proxy: FaultProxy
  readonly #near: Socket
  readonly #far: Socket
  readonly #lanes: readonly FaultyLane[]
  readonly #hooks: ConnectionHooks
  #isSpoiled = false

  constructor(proxy: FaultProxy, near: Socket, far: Socket, hooks: ConnectionHooks) {
    this.#hooks = hooks
    this.#proxy = proxy
    this.#near = near
    this.#far = far
    this.#lanes = [new FaultyLane(this, near, far, false), new FaultyLane(this, far, near, true)]
    let open = 2
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      // What breaks on one side breaks on the other, unless nothing passes at all.
      socket.on('error', () => {
        if (this.fault.kind !== 'timeout') other.resetAndDestroy()
      })
      socket.once('close', () => {
        if (--open > 0) return
        for (const lane of this.#lanes) lane.close()
        hooks.onClose()
      })
    }
  }

  get fault(): Fault {
    return this.#proxy.fault
  }

  /** Whether something was lost: it cannot go on. */
  get isBroken(): boolean {
    return this.#isSpoiled
  }

  onSwallowed(): void {
    this.#spoil()
  }

  reset(): void {
    this.#spoil()
    for (const lane of this.#lanes) lane.close()
    this.#near.resetAndDestroy()
    this.#far.resetAndDestroy()
  }

  end(): void {
    this.#spoil()
    for (const lane of this.#lanes) lane.close()
    this.#near.end()
    this.#far.end()
    this.#near.once('close', () => this.#far.destroy())
  }

  #spoil(): void {
    if (this.#isSpoiled) return
    this.#isSpoiled = true
    this.#hooks.onSpoiled()
  }
}

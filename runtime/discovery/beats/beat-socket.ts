import { createSocket, type Socket } from 'node:dgram'
import { type Address, isWildcard, unmapIPv4 } from '../../api/address.js'

/** Is told of what comes. */
export type OnDatagram = (datagram: Buffer, from: Address) => void

/** A UDP socket that keeps no process alive. What it cannot send is lost, as datagrams are. */
export class BeatSocket {
  readonly #socket: Socket
  readonly #host: string
  /** Datagrams that have not left yet. */
  readonly #leaving = new Set<Promise<void>>()

  private constructor(socket: Socket, host: string) {
    this.#socket = socket
    this.#host = host
  }

  /** Rejects with Node's error where the port is taken. */
  static bind({ host, port }: Address, onDatagram: OnDatagram): Promise<BeatSocket> {
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' })
    socket.on('message', (datagram, { address, port: origin }) => {
      // Nobody can be answered at port 0, which only a forged packet comes from.
      if (origin !== 0) onDatagram(datagram, { host: unmapIPv4(address), port: origin })
    })
    return new Promise((resolve, reject) => {
      socket.once('error', (error) => {
        socket.close()
        reject(error)
      })
      socket.bind({ address: host, port, exclusive: true }, () => {
        // Whatever fails now is one datagram's loss; unheard, it would end the process.
        socket.removeAllListeners('error').on('error', () => {})
        socket.unref()
        resolve(new BeatSocket(socket, host))
      })
    })
  }

  /** Does nothing for an address that this socket cannot reach. */
  send(datagram: Buffer, { host, port }: Address): void {
    const target = this.#reach(host)
    if (target === undefined) return
    // An interface that is down or a full buffer lose this one: the next is sent in time.
    const leaving = new Promise<void>((resolve) => {
      try {
        this.#socket.send(datagram, port, target, () => resolve())
      } catch {
        // Node throws at once for an address that cannot be, such as port 0.
        resolve()
      }
    })
    this.#leaving.add(leaving)
    void leaving.then(() => this.#leaving.delete(leaving))
  }

  /** Closes it when all that was sent has left. */
  async close(): Promise<void> {
    await Promise.all(this.#leaving)
    await new Promise<void>((resolve) => this.#socket.close(resolve))
  }

  #reach(host: string): string | undefined {
    const isIPv6 = this.#host.includes(':')
    if (host.includes(':') === isIPv6) return host
    return isIPv6 && isWildcard(this.#host) ? `::ffff:${host}` : undefined
  }
}

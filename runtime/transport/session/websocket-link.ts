import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import { type Address, printAddress } from '../../api/address.js'
import { MAX_ANSWER_BYTES } from '../../wire/limits.js'
import { SUBPROTOCOL } from '../http/gate.js'
import { CLOSE_PROTOCOL_ERROR, CLOSE_SILENT, type CloseCode, type Link, type LinkListener } from './link.js'

/** The longest message and its brackets, id and tag. Lines share frames only while they are short. */
const MAX_FRAME_BYTES = MAX_ANSWER_BYTES + 4 * 1024

const PING_INTERVAL_MS = 15_000

const OPTIONS = {
  perMessageDeflate: false,
  maxPayload: MAX_FRAME_BYTES,
  // Every frame is decoded by netgen's own check of UTF-8.
  skipUTF8Validation: false,
}

/** A WebSocket as a link. It pings, and ends where nothing was heard for two intervals. */
class WebSocketLink implements Link {
  readonly #socket: WebSocket
  readonly #heartbeat: NodeJS.Timeout
  #isAlive = true

  constructor(socket: WebSocket) {
    this.#socket = socket
    // Whatever comes before somebody listens has to wait for that.
    socket.pause()
    // It keeps no process alive: what waits for an answer holds the socket, and nothing else has to.
    this.#heartbeat = setInterval(() => this.#beat(), PING_INTERVAL_MS).unref()
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount
  }

  listen({ onFrame, onClose }: LinkListener): void {
    this.#socket.on('message', (data: RawData, isBinary: boolean) => {
      this.#isAlive = true
      if (isBinary) this.close(CLOSE_PROTOCOL_ERROR, 'frames have to be text')
      else onFrame(data.toString())
    })
    this.#socket.on('pong', () => {
      this.#isAlive = true
    })
    // Whatever is wrong with a frame: ws closes with the code of RFC 6455, and `close` follows.
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      clearInterval(this.#heartbeat)
      onClose()
    })
    this.#socket.resume()
  }

  send(frame: string): void {
    this.#socket.send(frame)
  }

  close(code: CloseCode, reason: string): void {
    this.#socket.close(code, reason)
  }

  terminate(): void {
    this.#socket.terminate()
  }

  #beat(): void {
    if (!this.#isAlive) {
      this.close(CLOSE_SILENT, 'nothing was heard')
      this.terminate()
      return
    }
    this.#isAlive = false
    this.#socket.ping()
  }
}

/** Dials a link. Rejects with the error of the socket, of an answer other than 101, or of a handshake that takes too long. */
export function dialLink(address: Address, headers: Record<string, string>, timeoutMs: number): Promise<Link> {
  const socket = new WebSocket(`ws://${printAddress(address)}/netgen/v1/session`, SUBPROTOCOL, {
    ...OPTIONS,
    headers,
    followRedirects: false,
    handshakeTimeout: Math.max(1, Math.ceil(timeoutMs)),
  })
  return new Promise<Link>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('open', () => {
      socket.off('error', reject)
      resolve(new WebSocketLink(socket))
    })
  })
}

/** Accepts links from requests that have passed the gate. */
export class LinkAcceptor {
  readonly #server = new WebSocketServer({ ...OPTIONS, noServer: true, clientTracking: false })

  accept(request: IncomingMessage, socket: Duplex, head: Buffer, onLink: (link: Link) => void): void {
    this.#server.handleUpgrade(request, socket, head, (accepted) => onLink(new WebSocketLink(accepted)))
  }
}

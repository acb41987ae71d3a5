import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type RawData, WebSocket, WebSocketServer } from 'ws'
import { type Address, isLoopback, printAddress } from '../../api/address.js'
import { MAX_ANSWER_BYTES, MAX_BUFFERED_BYTES } from '../../wire/limits.js'
import { readUtf8 } from '../../wire/read-utf8.js'
import type { SharedLines } from '../../wire/shared-lines.js'
import { SUBPROTOCOL } from '../http/gate.js'
import type { Tls } from '../http/tls.js'
import {
  CLOSE_PROTOCOL_ERROR,
  CLOSE_SILENT,
  type CloseCode,
  type Closing,
  type Link,
  type LinkListener,
} from './link.js'
import { MAX_REFUSAL_BYTES, readRefusal } from './read-refusal.js'
import { FrameText, writeTextFrame } from './text-frame.js'

/** The longest message and its brackets, id and tag. Lines share frames only while they are short. */
const MAX_FRAME_BYTES = MAX_ANSWER_BYTES + 4 * 1024

const PING_INTERVAL_MS = 15_000

/** After how many pings without an answer, and without anything else, the other side counts as dead. */
const MAX_SILENT_BEATS = 2

const OPTIONS = {
  perMessageDeflate: false,
  // A reader that has stopped will not take the close frame either.
  closeTimeout: 2_000,
  maxPayload: MAX_FRAME_BYTES,
  // Done below, where it also tells whether a frame is ASCII.
  skipUTF8Validation: true,
}

/** What Node writes of a string without allocating, in bytes: longer ones become a buffer at once, head and text in one. */
const MAX_STRING_LENGTH = 16 * 1024

/** Bytes that hold text. */
const AS_TEXT = { binary: false }

/** What is below a WebSocket, and how what leaves is masked: where it was accepted, not at all. */
interface Wire {
  readonly socket: Duplex
  readonly mask: 'none' | 'zeros' | 'random'
}

/** A WebSocket as a link. It pings, and ends where nothing was heard for two intervals. */
class WebSocketLink implements Link {
  readonly #socket: WebSocket
  readonly #wire: Wire
  readonly #heartbeat: NodeJS.Timeout
  /** How many pings went out since something was heard. */
  #silentBeats = 0
  /**
   * Whether the last frame was more than ASCII, as the next one is likely to be then: to ask for its length first takes as long as
   * writing it.
   */
  #isBeyondAscii = false
  /** Set where it was closed here. */
  #closing: Closing | undefined

  constructor(socket: WebSocket, wire: Wire) {
    this.#socket = socket
    this.#wire = wire
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
      this.#silentBeats = 0
      const frame = isBinary ? undefined : readUtf8(data as Buffer)
      if (frame !== undefined) onFrame(frame)
      else this.close(CLOSE_PROTOCOL_ERROR, isBinary ? 'frames have to be text' : 'a frame is not UTF-8')
    })
    this.#socket.on('pong', () => {
      this.#silentBeats = 0
    })
    this.#socket.on('ping', () => {
      this.#silentBeats = 0
      // ws has answered it: a peer that only pings, and reads none of the answers, would fill the memory with them.
      if (this.bufferedBytes > MAX_BUFFERED_BYTES) this.terminate()
    })
    // Whatever is wrong with a frame: ws closes with the code of RFC 6455, and `close` follows.
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code?.startsWith('WS_ERR_') !== true) return
      this.#closing ??= { code: CLOSE_PROTOCOL_ERROR, reason: error.message, by: 'here' }
    })
    this.#socket.on('close', (code: number, reason: Buffer) => {
      clearInterval(this.#heartbeat)
      onClose(this.#closing ?? { code, reason: reason.toString(), by: 'there' })
    })
    this.#socket.resume()
  }

  send(frame: string, onSent?: () => void): void {
    const { socket, mask } = this.#wire
    if (mask === 'random' || this.#socket.readyState !== WebSocket.OPEN) {
      this.#socket.send(frame, onSent)
      return
    }
    // ws makes a buffer of its own for the head and one for the text: a tenth of what a frame of small calls costs.
    const isMasked = mask === 'zeros'
    const isAscii = !this.#isBeyondAscii && Buffer.byteLength(frame) === frame.length
    if (isAscii && frame.length <= MAX_STRING_LENGTH) {
      socket.write(writeTextFrame(frame, isMasked), 'latin1', onSent)
      return
    }
    const text = new FrameText(frame, isAscii)
    this.#isBeyondAscii = !text.isAscii
    socket.write(text.enclose(isMasked), onSent)
  }

  sendShared(lines: SharedLines): void {
    const { socket, mask } = this.#wire
    const isSame = mask === 'none' && this.#socket.readyState === WebSocket.OPEN
    if (isSame) socket.write(lines.frameOnce(encodeUnmasked))
    else this.#socket.send(lines.bytes, AS_TEXT)
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  onceDrained(listener: () => void): void {
    // What is written behind all else says when all else has left.
    this.#socket.ping(undefined, undefined, (error?: Error | null) => {
      // It has not left, and never will: whoever asked again would be answered the same at once, for ever.
      if (!error) listener()
    })
  }

  close(code: CloseCode, reason: string): void {
    this.#closing ??= { code, reason, by: 'here' }
    this.#socket.close(code, reason)
  }

  terminate(): void {
    clearInterval(this.#heartbeat)
    this.#socket.terminate()
  }

  #beat(): void {
    if (this.#silentBeats >= MAX_SILENT_BEATS) {
      this.close(CLOSE_SILENT, 'nothing was heard')
      this.terminate()
      return
    }
    // What is held back here is no silence of the other side's.
    if (!this.#socket.isPaused) this.#silentBeats++
    this.#socket.ping()
  }
}

/** The frame of a text as whoever accepted the link sends it: without a mask, and so the same to all. */
function encodeUnmasked(text: string): Buffer {
  return new FrameText(text, false).enclose(false)
}

/**
 * A mask of zeros, with which neither side has anything to mask. Masks keep what a web page sends from being taken for HTTP by
 * proxies (RFC 6455, 10.3): there is no page here, and on loopback no proxy. They cost a tenth of a large call.
 */
function leaveUnmasked(mask: Buffer): void {
  mask.fill(0)
}

/**
 * Dials a link. Rejects with the error of the socket, of a handshake that takes too long, or of one that is given up; and with the refusal that an answer
 * other than 101 holds.
 */
export function dialLink(
  address: Address,
  headers: Record<string, string>,
  timeoutMs: number,
  signal: AbortSignal,
  tls?: Tls['client'],
): Promise<Link> {
  const scheme = tls === undefined ? 'ws' : 'wss'
  const mask = isLoopback(address.host) ? 'zeros' : 'random'
  const socket = new WebSocket(`${scheme}://${printAddress(address)}/netgen/v1/session`, SUBPROTOCOL, {
    ...OPTIONS,
    ...tls,
    ...(mask === 'zeros' && { generateMask: leaveUnmasked }),
    headers,
    followRedirects: false,
    handshakeTimeout: Math.max(1, Math.ceil(timeoutMs)),
  })
  const giveUp = (): void => socket.terminate()
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp)
  return new Promise<Link>((resolve, reject) => {
    socket.on('error', reject)
    socket.once('unexpected-response', (request: ClientRequest, response: IncomingMessage) => {
      void readStart(response).then((body) => {
        reject(readRefusal(address, response.statusCode ?? 0, body))
        request.destroy()
      })
    })
    socket.once('upgrade', ({ socket: below }: IncomingMessage) => {
      socket.once('open', () => {
        socket.off('error', reject)
        resolve(new WebSocketLink(socket, { socket: below, mask }))
      })
    })
  }).finally(() => signal.removeEventListener('abort', giveUp))
}

/** What an answer begins with, as far as a refusal would go. */
function readStart(response: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const done = (): void => resolve(Buffer.concat(chunks))
    response.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > MAX_REFUSAL_BYTES) done()
    })
    // Whichever way it ends; the handshake's own timeout ends an answer that never does.
    response.once('close', done)
  })
}

/** Accepts links from requests that have passed the gate. */
export class LinkAcceptor {
  readonly #server = new WebSocketServer({
    ...OPTIONS,
    noServer: true,
    clientTracking: false,
    // The gate has seen that it is among those that are offered.
    handleProtocols: () => SUBPROTOCOL,
  })
  #openLinks = 0

  /** How many links that were accepted here have not ended. */
  get openLinks(): number {
    return this.#openLinks
  }

  accept(request: IncomingMessage, socket: Duplex, head: Buffer, onLink: (link: Link) => void): void {
    this.#openLinks++
    socket.once('close', () => this.#openLinks--)
    this.#server.handleUpgrade(request, socket, head, (accepted) =>
      onLink(new WebSocketLink(accepted, { socket, mask: 'none' })),
    )
  }
}

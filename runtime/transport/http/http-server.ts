import { createServer, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Address, unmapIPv4 } from '../../api/address.js'
import { MAX_CONNECTIONS, MAX_REQUEST_BYTES } from '../../wire/limits.js'
import { answerPreflight, letRead } from './cors.js'
import { checkHead, type Decision, type GateRules, type Refusal } from './gate.js'
import { UNREAD_TIMEOUT_MS } from './limit-unread.js'
import type { OwnNames } from './own-names.js'
import {
  AnswerableRequest,
  type AnsweredRoute,
  type AnsweringServer,
  type PassedRequest,
  writeJson,
} from './passed-request.js'
import { readBody } from './read-body.js'
import type { ReceivedHeaders } from './received-headers.js'
import { ReceivedRequest } from './received-request.js'
import type { Tls } from './tls.js'

/** A request for a WebSocket whose head has passed the gate. */
export interface PassedUpgrade {
  readonly request: ReceivedRequest
  readonly socket: Duplex
  /** What came behind the head already. */
  readonly head: Buffer
  readonly headers: ReceivedHeaders
  /** Answers with a status other than 101, and closes. */
  refuse(refusal: Refusal): void
}

/** What the server asks of whoever started it. */
export interface HttpServerHooks {
  readonly names: OwnNames
  /** What connections are encrypted with; undefined: nothing. */
  readonly tls?: Tls['server'] | undefined
  readonly rules: Omit<GateRules, 'hosts'>
  readonly onRequest: (request: PassedRequest) => void
  /** A WebSocket is asked for by a request that has passed the gate. */
  readonly onUpgrade: (upgrade: PassedUpgrade) => void
  /** Writes a refusal in the form that callers read. */
  readonly printRefusal: (refusal: Refusal) => string
}

const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000
/** How long a connection may wait for its next request. Clients stop two seconds earlier. */
const KEEP_ALIVE_TIMEOUT_MS = 30_000
/** How long an answer may take to leave a server that closes. */
const FAREWELL_MS = 1_000

/** How many requests of one connection may wait for their answers: as many as calls may be in flight. Node has no limit. */
const MAX_PIPELINED = 256

const OPTIONS = {
  maxHeaderSize: 16 * 1024,
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  // Node's default of 30 s would let the other timeouts act up to 30 s late.
  connectionsCheckingInterval: 1_000,
  insecureHTTPParser: false,
  IncomingMessage: ReceivedRequest,
}

/** One listening address. Every request passes the gate, then its body its limit, before anybody sees it. */
export class HttpServer implements AnsweringServer {
  readonly #server: Server<typeof ReceivedRequest>
  readonly #hooks: HttpServerHooks
  readonly #upgraded = new Set<Duplex>()
  /** Answers that are not given yet, or have not left. */
  readonly #responses = new Set<ServerResponse>()
  readonly #connections = new WeakMap<Socket, Connection>()
  /** One function for all of them: the emitter says whose end it is. */
  readonly #onClose: (this: ServerResponse) => void
  /** The same for connections. */
  readonly #onSocketClose: (this: Socket) => void
  #isLeaving = false

  constructor(hooks: HttpServerHooks) {
    this.#hooks = hooks
    const responses = this.#responses
    const connections = this.#connections
    this.#onClose = function onClose(): void {
      responses.delete(this)
      const connection = connections.get(this.req.socket)
      if (connection !== undefined) connection.waiting--
    }
    this.#onSocketClose = function onSocketClose(): void {
      // Of the answers to requests that came one behind the other, Node tells the first alone that nobody waits for it any more.
      for (const response of responses) if (response.req.socket === this && !response.destroyed) response.emit('close')
    }
    const onRequest = (request: ReceivedRequest, response: ServerResponse): void => {
      const connection = this.#findConnection(request.socket)
      connection.last = request
      this.#receive(request, response, connection)
    }
    this.#server =
      hooks.tls === undefined
        ? createServer(OPTIONS, onRequest)
        : createTlsServer({ ...OPTIONS, ...hooks.tls }, onRequest)
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head))
    this.#server.maxConnections = MAX_CONNECTIONS
    this.#server.on('timeout', (socket) => this.#endUnread(socket))
    // Without a limit of Node's own none is dropped silently; the gate counts them.
    this.#server.maxHeadersCount = 0
  }

  /** Resolves with the bound address. Rejects with Node's error, such as EADDRINUSE. */
  listen(host: string, port: number): Promise<Address> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen({ host, port, exclusive: true }, () => {
        this.#server.off('error', reject)
        // An accept that fails, as for lack of file descriptors, is one client's loss; unheard, it would end the process.
        this.#server.on('error', () => {})
        resolve({ host, port: (this.#server.address() as AddressInfo).port })
      })
    })
  }

  get isLeaving(): boolean {
    return this.#isLeaving
  }

  /** Frees the port. Connections in use are closed behind their answers, idle ones at once. */
  leave(): void {
    this.#isLeaving = true
    void this.#stopListening()
  }

  /** Ends at once who waits for an answer, unless all were given and only have to leave; who has one gets a second to read it. */
  close(isDrained = false): Promise<void> {
    this.#isLeaving = true
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#destroyAll(), FAREWELL_MS)
      for (const response of this.#responses) if (!response.writableEnded && !isDrained) response.destroy()
      void this.#stopListening(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  async #stopListening(onClose?: () => void): Promise<void> {
    // Node takes a connection for idle, and closes it, as soon as its answer is given, though most of that may wait to leave.
    const leaving = [...this.#responses].filter((response) => response.writableEnded)
    await Promise.all(leaving.map((response) => new Promise((resolve) => response.once('close', resolve))))
    this.#server.close(onClose)
  }

  /**
   * Nothing has moved on a connection for some time. Where a handler runs, or a stream, there may be nothing to move; where the body of a
   * request has not come yet, that has a limit of its own, and an answer.
   */
  #endUnread(socket: Socket): void {
    const isReceiving = this.#connections.get(socket)?.last?.complete === false
    const isAnswering = [...this.#responses].some(({ req, writableEnded }) => req.socket === socket && !writableEnded)
    // Node tells once.
    if (isReceiving || isAnswering) socket.setTimeout(UNREAD_TIMEOUT_MS)
    else socket.destroy()
  }

  #destroyAll(): void {
    this.#server.closeAllConnections()
    // Node forgets a connection when it is upgraded.
    for (const socket of this.#upgraded) socket.destroy()
  }

  #upgrade(request: ReceivedRequest, socket: Duplex, head: Buffer): void {
    // A socket that fails before anybody listens would end the process.
    socket.on('error', () => {})
    const route = check(request, this.#findConnection(request.socket))
    const refuse = (refusal: Refusal): void => writeRefusal(socket, refusal, this.#hooks.printRefusal(refusal))
    if ('status' in route) refuse(route)
    else if (route.kind !== 'session') refuse(NO_UPGRADE)
    else if (this.#isLeaving) refuse(LEAVING)
    else {
      this.#upgraded.add(socket)
      socket.once('close', () => this.#upgraded.delete(socket))
      this.#hooks.onUpgrade({ request, socket, head, headers: route.headers, refuse })
    }
  }

  #receive(request: ReceivedRequest, response: ServerResponse, connection: Connection): void {
    // Sent right behind a refused request, and parsed before the connection was closed: it may be part of that one's body.
    if (connection.isRefused) {
      admit(connection, request.socket)
      return
    }
    const route = check(request, connection)
    if (route.origin !== undefined) letRead(response, route.origin)
    if ('status' in route) {
      this.#refuse(connection, response, route)
      return
    }
    // Only those who have shown the token may send anything.
    const isCall = route.kind === 'call'
    readBody(request, isCall ? MAX_REQUEST_BYTES : 0, (body) => {
      if (body === undefined) this.#refuse(connection, response, isCall ? OVERSIZE : UNMEANT)
      else if (route.kind === 'preflight') answerPreflight(response)
      else if (admit(connection, request.socket)) this.#pass(request, response, route, body)
    })
  }

  #findConnection(socket: Socket): Connection {
    const known = this.#connections.get(socket)
    if (known !== undefined) return known
    const local = readLocal(socket)
    const rules = { ...this.#hooks.rules, hosts: this.#hooks.names.at(local) }
    const connection = { local, rules, isRefused: false, last: undefined, waiting: 0 }
    this.#connections.set(socket, connection)
    socket.once('close', this.#onSocketClose)
    return connection
  }

  #pass(request: ReceivedRequest, response: ServerResponse, route: AnsweredRoute, body: Buffer): void {
    this.#responses.add(response)
    response.on('close', this.#onClose)
    this.#hooks.onRequest(new AnswerableRequest(this, request, response, route, body))
  }

  findDialled(request: ReceivedRequest): Address {
    return this.#hooks.names.findDialled(request.known.get('host') ?? '', this.#findConnection(request.socket).local)
  }

  #refuse(connection: Connection, response: ServerResponse, refusal: Refusal): void {
    connection.isRefused = true
    // What is left of the body is never read: the connection cannot be used again.
    response.shouldKeepAlive = false
    writeJson(response, refusal.status, this.#hooks.printRefusal(refusal))
  }
}

/** What is known of a connection. */
interface Connection {
  /** Its own end. */
  readonly local: Address
  /** Those of the gate, of which some depend on that. */
  readonly rules: GateRules
  /** It is closed as soon as its refusal is written. */
  isRefused: boolean
  /** The last request that came over it. */
  last: ReceivedRequest | undefined
  /** How many of its requests have no answer yet, or one that has not left. */
  waiting: number
}

const OVERSIZE: Refusal = {
  status: 413,
  code: 'resource_exhausted',
  message: `request body is longer than ${MAX_REQUEST_BYTES} bytes`,
}

const UNMEANT: Refusal = {
  status: 413,
  code: 'invalid_argument',
  message: 'request has a body, and only calls have one: send it without',
}

const LEAVING: Refusal = { status: 503, code: 'unavailable', message: 'the peer is closing' }

const NO_UPGRADE: Refusal = {
  status: 400,
  code: 'invalid_argument',
  message: 'this path is no session: send the request without upgrade',
}

/**
 * Whether a further request of a connection may wait for its answer. Where too many wait there, the connection is ended: nothing else
 * keeps Node from reading on.
 */
function admit(connection: Connection, socket: Socket): boolean {
  if (++connection.waiting <= MAX_PIPELINED) return true
  socket.destroy()
  return false
}

function readLocal({ localAddress = '', localPort = 0 }: Socket): Address {
  return { host: unmapIPv4(localAddress), port: localPort }
}

function check({ method = '', url = '', known }: ReceivedRequest, { rules }: Connection): Decision {
  return checkHead({ method, url, known }, rules)
}

function writeRefusal(socket: Duplex, { status }: Refusal, text: string): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(text)}`,
    'connection: close',
  ]
  // Node has forgotten this connection, and would leave the other half open for as long as the client does.
  socket.once('finish', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${text}`)
}

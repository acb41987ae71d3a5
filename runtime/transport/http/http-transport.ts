import { type Address, printAddress } from '../../api/address.js'
import type { Logger } from '../../api/logger.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { type CallScope, PEER_CLOSED } from '../../call/scope/call-scope.js'
import { refuse, refuseGone } from '../../errors/refuse.js'
import { AS_IT_CAME } from '../../wire/as-it-came.js'
import type { ReceivedAnswer, Receiver, WireCall } from '../../wire/exchange.js'
import { MAX_ANSWER_BYTES } from '../../wire/limits.js'
import type { ReceivedStream, WireStreamCall } from '../../wire/streams.js'
import { encodeTag } from '../../wire/tag.js'
import type { Answerer, Identity, Transport } from '../transport.js'
import { type Binding, bind, type Place } from './bind.js'
import { type CallRequest, HttpCall } from './http-call.js'
import { HttpClient, NDJSON } from './http-client.js'
import { createResponder } from './http-responder.js'
import { HttpServer, type HttpServerHooks } from './http-server.js'
import { locate } from './locate.js'
import { writeMetadata } from './metadata-headers.js'
import { OwnNames } from './own-names.js'
import { readRefusedStream, refuseAnswer } from './read-answer.js'
import { readIdentity } from './read-identity.js'
import { ReceivedLines } from './received-lines.js'
import { explainFailure, isUnsent } from './request-failure.js'
import { explainInputStream } from './session-only.js'
import type { Tls } from './tls.js'
import { createChallenge, type Trust } from './trust.js'

/** What is done with a request for a session. */
export type OnUpgrade = HttpServerHooks['onUpgrade']

/** How to make an {@link HttpTransport}. */
export interface HttpTransportOptions {
  readonly trust: Trust
  /** Where it listens, if it does. */
  readonly place: Place
  /** What connections are encrypted with, both ways; undefined: nothing. */
  readonly tls?: Tls | undefined
  readonly logger: Logger
}

/** An identity's answer is some 200 bytes; a stranger's may be anything. */
const MAX_IDENTITY_BYTES = 16 * 1024

/** Where calls to a peer go, and what opens its door. */
interface Destination {
  readonly address: string
  /** Names and values in turn. */
  readonly headers: readonly string[]
}

/** Carries calls as HTTP requests: `POST /netgen/v1/<tag>`, the input as JSON in, the output as JSON out. */
export class HttpTransport implements Omit<Transport, 'listen' | 'subscribe'> {
  readonly #options: HttpTransportOptions
  readonly #client: HttpClient
  readonly #open = new Set<CallScope>()
  /** Who proved to be behind an address, for as long as no connection to it ended since. */
  readonly #proven = new Map<string, RemotePeer>()
  /** By tag: those of connected schemas, whose number is bounded. */
  readonly #paths = new Map<string, string>()
  /** What every call to a peer needs, by the peer as its callers have it. */
  readonly #destinations = new WeakMap<RemotePeer, Destination>()
  #binding: Binding | undefined

  constructor(options: HttpTransportOptions) {
    this.#options = options
    this.#client = new HttpClient((address) => this.#proven.delete(printAddress(address)), options.tls?.client)
  }

  /** What connections to others are encrypted with. */
  get tls(): Tls['client'] | undefined {
    return this.#options.tls?.client
  }

  async listen(identity: Identity, answerer: Answerer, onUpgrade: OnUpgrade = refuseUpgrade): Promise<Address> {
    const { trust, place, tls, logger } = this.#options
    const responder = createResponder(trust, identity, answerer, onUpgrade)
    const names = new OwnNames(place, tls === undefined ? 80 : 443)
    this.#binding = await bind(place, () => new HttpServer({ ...responder, names, tls: tls?.server }), logger)
    return this.#binding.address
  }

  /** Where it listens; undefined before. */
  get bound(): Address | undefined {
    return this.#binding?.bound
  }

  /** Where peers of this machine reach it; undefined before it listens. */
  get local(): Address | undefined {
    return this.#binding?.local
  }

  async identify(address: Address, timeoutMs: number): Promise<RemotePeer> {
    const endsAtMs = performance.now() + timeoutMs
    const dialled = await locate(address, timeoutMs)
    const challenge = createChallenge()
    const exchange = this.#client.request(dialled, {
      method: 'GET',
      path: `/netgen/v1/identity?challenge=${challenge}`,
      headers: [],
      maxBytes: MAX_IDENTITY_BYTES,
    })
    const late = refuse(
      'deadline_exceeded',
      `${printAddress(dialled)} did not say who it is within ${Math.ceil(timeoutMs)} ms`,
    )
    // A name may have taken some of it.
    const timer = setTimeout(() => exchange.abort(late), endsAtMs - performance.now())
    try {
      const peer = readIdentity(await exchange.response, dialled, challenge, this.#options.trust)
      this.#proven.set(printAddress(dialled), peer)
      return peer
    } catch (error) {
      throw error === late ? late : explainFailure(error, dialled, false)
    } finally {
      clearTimeout(timer)
    }
  }

  async call(target: RemotePeer, call: WireCall, scope: CallScope): Promise<ReceivedAnswer> {
    this.#open.add(scope)
    try {
      const peer = this.#isProven(target) ? target : await this.#prove(target, scope)
      return (await this.#send(peer, call, scope, AS_IT_CAME)) as ReceivedAnswer
    } finally {
      this.#open.delete(scope)
    }
  }

  callAtOnce(peer: RemotePeer, call: WireCall, scope: CallScope, receiver: Receiver): Promise<unknown> | undefined {
    return this.#isProven(peer) ? this.#send(peer, call, scope, receiver) : undefined
  }

  async stream(target: RemotePeer, call: WireStreamCall, scope: CallScope): Promise<ReceivedStream> {
    const { tag, sides } = call
    if (sides !== 'output') throw refuse('unimplemented', explainInputStream(tag))
    let peer = target
    this.#open.add(scope)
    try {
      if (!this.#isProven(peer)) peer = await this.#prove(peer, scope)
    } catch (error) {
      this.#open.delete(scope)
      throw error
    }
    const lines = new ReceivedLines({
      refuse: (problem) => refuseAnswer(peer, tag, problem),
      explain: (error) => explainFailure(error, peer, scope.maybeExecuted && !isUnsent(error)),
    })
    const findReader = (status: number, contentType: string): ReceivedLines | undefined =>
      status === 200 && NDJSON.test(contentType) ? lines : undefined
    const exchange = this.#client.request(peer, {
      ...this.#writeRequest(peer, call, scope),
      method: 'POST',
      maxBytes: MAX_ANSWER_BYTES,
      onSend: () => {
        scope.maybeExecuted = true
      },
      findReader,
    })
    scope.onStop((reason) => {
      lines.stop(scope.toError(reason))
      exchange.abort(scope.toError(reason))
    })
    exchange.response
      .then((response) => {
        // What came line by line is read already; anything else is the answer to a call that failed.
        if (!lines.hasBegun) lines.answer(readRefusedStream(response, peer, tag))
      })
      .catch((error: Error) => lines.onError(error))
      .finally(() => this.#open.delete(scope))
    return lines
  }

  abandon(peer: RemotePeer): void {
    this.#proven.delete(printAddress(peer))
    this.#client.drop(peer, new Error(`nothing was heard of ${printAddress(peer)}`))
  }

  leave(): void {
    for (const server of this.#binding?.servers ?? []) server.leave()
  }

  async close(isDrained = false): Promise<void> {
    for (const scope of this.#open) scope.stop(PEER_CLOSED)
    const servers = this.#binding?.servers ?? []
    await Promise.all([this.#client.close(), ...servers.map((server) => server.close(isDrained))])
  }

  /**
   * Nothing of a call leaves before the peer behind the address has proved, on kept connections, to be the one that is meant.
   * Rejects with `unavailable` where another one is there.
   */
  async prove(target: RemotePeer, timeoutMs: number): Promise<RemotePeer> {
    const proven = this.#proven.get(printAddress(target)) ?? (await this.identify(target, timeoutMs))
    if (proven.id === target.id) return proven
    throw refuseGone(`peer ${target.id} is gone: at ${printAddress(proven)} is ${proven.id} now`)
  }

  /** The headers that open a peer's door to this one: nobody else's, and only once that peer has proved itself. */
  createCredentials(peer: RemotePeer): Record<string, string> {
    return { authorization: `Bearer ${this.#options.trust.createToken(peer.id)}`, 'netgen-target': peer.id }
  }

  #isProven(peer: RemotePeer): boolean {
    return this.#proven.get(this.#findDestination(peer).address)?.id === peer.id
  }

  #findDestination(peer: RemotePeer): Destination {
    const known = this.#destinations.get(peer)
    if (known !== undefined) return known
    const credentials = Object.entries(this.createCredentials(peer)).flat()
    const destination = { address: printAddress(peer), headers: ['content-type', 'application/json', ...credentials] }
    this.#destinations.set(peer, destination)
    return destination
  }

  async #prove(target: RemotePeer, scope: CallScope): Promise<RemotePeer> {
    const peer = await scope.race(this.prove(target, scope.timeLeftMs))
    // It may have been stopped while the proof was awaited.
    if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
    return peer
  }

  #findPath(tag: string): string {
    const known = this.#paths.get(tag)
    if (known !== undefined) return known
    const path = `/netgen/v1/${encodeTag(tag)}`
    this.#paths.set(tag, path)
    return path
  }

  #writeRequest(peer: RemotePeer, call: WireCall, scope: CallScope): CallRequest {
    return {
      path: this.#findPath(call.tag),
      headers: [
        ...this.#findDestination(peer).headers,
        'netgen-caller',
        call.caller.id,
        'netgen-caller-group',
        encodeURIComponent(call.caller.group),
        'netgen-timeout-ms',
        String(scope.sentTimeLeftMs),
        ...(call.callId === undefined ? [] : ['netgen-call-id', call.callId]),
        ...writeMetadata(call.metadata),
      ],
      body: call.body,
    }
  }

  #send(peer: RemotePeer, call: WireCall, scope: CallScope, receiver: Receiver): Promise<unknown> {
    this.#open.add(scope)
    return new Promise((resolve) => {
      const settle = (result: unknown): void => {
        this.#open.delete(scope)
        resolve(result)
      }
      const httpCall = new HttpCall(this.#writeRequest(peer, call, scope), peer, call.tag, scope, receiver, settle)
      try {
        httpCall.follow(this.#client.send(peer, httpCall, httpCall))
      } catch (error) {
        settle(receiver.fail(error))
      }
    })
  }
}

/** A peer that has no sessions. */
const refuseUpgrade: OnUpgrade = ({ refuse: refuseSession }) =>
  refuseSession({ status: 501, code: 'unimplemented', message: 'this peer has no sessions' })

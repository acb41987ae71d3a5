import { type Address, printAddress } from '../../api/address.js'
import type { Logger } from '../../api/logger.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { type CallScope, PEER_CLOSED } from '../../call/scope/call-scope.js'
import { isRefusal, refuse, refuseGone } from '../../errors/refuse.js'
import { AS_IT_CAME } from '../../wire/as-it-came.js'
import type { CallerIdentity, ReceivedAnswer, Receiver, WireCall } from '../../wire/exchange.js'
import type { ReceivedStream, WireStreamCall } from '../../wire/streams.js'
import { encodeTag } from '../../wire/tag.js'
import { nameCaller, writeCallHeaders } from '../call-headers.js'
import type { Answerer, Identity, Transport } from '../transport.js'
import { type Binding, bind, type Place } from './bind.js'
import { type CallRequest, type Destination, HttpCall } from './http-call.js'
import { HttpClient } from './http-client.js'
import { UnprovenError } from './http-exchange.js'
import { createResponder } from './http-responder.js'
import { HttpServer, type HttpServerHooks } from './http-server.js'
import { HttpStream, type HttpStreamOwner } from './http-stream.js'
import { locate } from './locate.js'
import { OwnNames } from './own-names.js'
import { readIdentity } from './read-identity.js'
import { explainFailure } from './request-failure.js'
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
  /** Of web pages that may call, as browsers write them. Default: none. */
  readonly origins?: readonly string[]
  readonly logger: Logger
}

/** An identity's answer is some 200 bytes; a stranger's may be anything. */
const MAX_IDENTITY_BYTES = 16 * 1024

/** Carries calls as HTTP requests: `POST /netgen/v1/<tag>`, the input as JSON in, the output as JSON out. */
export class HttpTransport implements Omit<Transport, 'listen' | 'subscribe'> {
  readonly #options: HttpTransportOptions
  readonly #client: HttpClient
  readonly #open = new Set<CallScope>()
  /** Who proved to be behind an address, for as long as no connection to it ended since. */
  readonly #proven = new Map<string, RemotePeer>()
  /** Who is being asked who it is, by address. */
  readonly #asked = new Map<string, Promise<RemotePeer>>()
  /** By tag: those of connected schemas, whose number is bounded. */
  readonly #paths = new Map<string, string>()
  readonly #streamOwner: HttpStreamOwner = {
    writeRequest: (destination, call) => this.#writeRequest(destination, call),
    isProven: (destination) => this.#isProven(destination),
    prove: (destination, scope) => this.#prove(destination, scope),
  }
  /** By the peer, as its callers have it. */
  readonly #destinations = new WeakMap<RemotePeer, Destination>()
  #binding: Binding | undefined

  constructor(options: HttpTransportOptions) {
    this.#options = options
    this.#client = new HttpClient((address) => this.#proven.delete(address), options.tls?.client)
  }

  /** What connections to others are encrypted with. */
  get tls(): Tls['client'] | undefined {
    return this.#options.tls?.client
  }

  async listen(identity: Identity, answerer: Answerer, onUpgrade: OnUpgrade = refuseUpgrade): Promise<Address> {
    const { trust, place, tls, origins, logger } = this.#options
    const responder = createResponder(trust, identity, answerer, onUpgrade, origins)
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
    const exchange = this.#client.request(printAddress(dialled), {
      method: 'GET',
      path: `/netgen/v1/identity?challenge=${challenge}`,
      headers: [],
      body: null,
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
    const destination = this.#findDestination(target, call.caller)
    const send = this.#isProven(destination) ? this.#send : this.#proveAndSend
    return (await send.call(this, destination, call, scope, AS_IT_CAME)) as ReceivedAnswer
  }

  callAtOnce(peer: RemotePeer, call: WireCall, scope: CallScope, receiver: Receiver): Promise<unknown> | undefined {
    const destination = this.#findDestination(peer, call.caller)
    return this.#isProven(destination) ? this.#send(destination, call, scope, receiver) : undefined
  }

  async stream(target: RemotePeer, call: WireStreamCall, scope: CallScope): Promise<ReceivedStream> {
    const { tag, sides } = call
    if (sides !== 'output') throw refuse('unimplemented', explainInputStream(tag))
    const destination = this.#findDestination(target, call.caller)
    this.#open.add(scope)
    try {
      const proven = this.#isProven(destination) ? destination : await this.#prove(destination, scope)
      const stream = new HttpStream(this.#client, this.#streamOwner, call, scope, proven)
      void stream.send(proven).finally(() => this.#open.delete(scope))
      return stream.lines
    } catch (error) {
      this.#open.delete(scope)
      throw error
    }
  }

  abandon(peer: RemotePeer): void {
    const address = printAddress(peer)
    // Somebody else may be there by now.
    if ((this.#proven.get(address)?.id ?? peer.id) !== peer.id) return
    this.#proven.delete(address)
    this.#client.drop(address, new Error(`nothing was heard of ${address}`))
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
    const proven = this.#proven.get(printAddress(target)) ?? (await this.#identifyOnce(target, timeoutMs))
    if (proven.id === target.id) return proven
    throw refuseGone(`peer ${target.id} is gone: at ${printAddress(proven)} is ${proven.id} now`)
  }

  /** The headers that open a peer's door to this one: nobody else's, and only once that peer has proved itself. */
  createCredentials(peer: RemotePeer): Record<string, string> {
    return { authorization: `Bearer ${this.#options.trust.createToken(peer.id)}`, 'netgen-target': peer.id }
  }

  /** Calls that come while somebody is asked wait for the same answer; one that has more time than it took asks again. */
  async #identifyOnce(target: RemotePeer, timeoutMs: number): Promise<RemotePeer> {
    const at = printAddress(target)
    const endsAtMs = performance.now() + timeoutMs
    for (;;) {
      const asked = this.#asked.get(at)
      if (asked === undefined) {
        const identified = this.identify(target, endsAtMs - performance.now()).finally(() => this.#asked.delete(at))
        this.#asked.set(at, identified)
        return identified
      }
      const outcome = await asked.catch((error: unknown) => error)
      if (!(outcome instanceof Error)) return outcome as RemotePeer
      if (!isRefusal(outcome) || outcome.code !== 'deadline_exceeded' || performance.now() >= endsAtMs) throw outcome
    }
  }

  /** Asked again when a connection is there: until then the peer's may have ended, and another process have taken the address. */
  readonly #isProven = ({ peer, address }: Destination): boolean => this.#proven.get(address)?.id === peer.id

  #findDestination(peer: RemotePeer, caller: CallerIdentity): Destination {
    const known = this.#destinations.get(peer)
    // One peer calls over one transport, though not always as the same object.
    if (known !== undefined && known.caller.id === caller.id && known.caller.group === caller.group) return known
    const fields = {
      'content-type': 'application/json',
      ...this.createCredentials(peer),
    }
    const headers = [...Object.entries(fields).flat(), ...nameCaller(caller)]
    const destination = { peer, address: printAddress(peer), caller, headers, plain: undefined }
    this.#destinations.set(peer, destination)
    return destination
  }

  async #prove({ peer: target, caller }: Destination, scope: CallScope): Promise<Destination> {
    const peer = await scope.race(this.prove(target, scope.timeLeftMs))
    // It may have been stopped while the proof was awaited.
    if (scope.stopped !== undefined) throw scope.toError(scope.stopped)
    return this.#findDestination(peer, caller)
  }

  #findPath(tag: string): string {
    const known = this.#paths.get(tag)
    if (known !== undefined) return known
    const path = `/netgen/v1/${encodeTag(tag)}`
    this.#paths.set(tag, path)
    return path
  }

  #writeRequest(destination: Destination, call: WireCall): CallRequest {
    return { path: this.#findPath(call.tag), headers: writeHeaders(destination, call), body: call.body }
  }

  async #proveAndSend(
    destination: Destination,
    call: WireCall,
    scope: CallScope,
    receiver: Receiver,
  ): Promise<unknown> {
    this.#open.add(scope)
    let proven: Destination
    try {
      proven = await this.#prove(destination, scope)
    } catch (error) {
      this.#open.delete(scope)
      return receiver.fail(error)
    }
    return this.#send(proven, { ...call, timeLeftMs: scope.sentTimeLeftMs }, scope, receiver)
  }

  #send(destination: Destination, call: WireCall, scope: CallScope, receiver: Receiver): Promise<unknown> {
    this.#open.add(scope)
    return new Promise((resolve) => {
      const settle = (result: unknown): void => {
        this.#open.delete(scope)
        // Whoever waits for a connection may find that another one has ended meanwhile.
        resolve(result instanceof UnprovenError ? this.#proveAndSend(destination, call, scope, receiver) : result)
      }
      const request = this.#writeRequest(destination, call)
      const httpCall = new HttpCall(request, destination, call.tag, scope, receiver, settle, this.#isProven)
      try {
        httpCall.follow(this.#client.send(destination.address, httpCall, httpCall))
      } catch (error) {
        settle(receiver.fail(error))
      }
    })
  }
}

function writeHeaders(destination: Destination, call: WireCall): string[] {
  const { timeLeftMs, callId, metadata } = call
  const isPlain = callId === undefined && metadata === undefined
  if (isPlain && destination.plain?.timeLeftMs === timeLeftMs) return destination.plain.headers
  const headers = [...destination.headers]
  writeCallHeaders(headers, call, timeLeftMs)
  if (isPlain) destination.plain = { timeLeftMs, headers }
  return headers
}

/** A peer that has no sessions. */
const refuseUpgrade: OnUpgrade = ({ refuse: refuseSession }) =>
  refuseSession({ status: 501, code: 'unimplemented', message: 'this peer has no sessions' })

import { inspect } from 'node:util'
import { INVALID_CONNECTION, type NetgenStub, netgen } from '../../schemas/generated/netgen.js'
import type { PeerTarget } from '../api/call.js'
import type { ConnectionDescriptor, Descriptor } from '../api/descriptor.js'
import type { FlagDescriptor, FlagHandler } from '../api/flag.js'
import type {
  CloseOptions,
  Peer,
  PeerChange,
  PeerChanges,
  PeerDescription,
  PeerFilter,
  Ping,
  PingOptions,
  WatchFilter,
  WatchOptions,
} from '../api/peer.js'
import type { RemotePeer } from '../api/remote-peer.js'
import type { CallEachOptions } from '../call/call-each.js'
import { Connections } from '../call/connections.js'
import { createManyRunner } from '../call/create-many-runner.js'
import { createStub } from '../call/create-stub.js'
import { ErrorPolicy } from '../call/error-policy.js'
import { FlagHandlers } from '../call/flags/flag-handlers.js'
import { Invoker } from '../call/invoke.js'
import { Deadlines } from '../call/scope/deadlines.js'
import { MAX_TIMEOUT_MS } from '../call/scope/timeouts.js'
import { Service } from '../call/serve-call.js'
import { carryStream } from '../call/streams/carry-stream.js'
import { Chooser } from '../discovery/chooser.js'
import { PeerTable } from '../discovery/peer-table.js'
import { ServedBy } from '../discovery/served-by.js'
import { watchPeers } from '../discovery/watch-peers.js'
import { refuse } from '../errors/refuse.js'
import { PeerEvents } from '../events/peer-events.js'
import { captureCallSite } from '../traceback/call-site.js'
import { explainRefusal } from '../traceback/explain-refusal.js'
import { explainEvents } from '../transport/http/session-only.js'
import { MAX_CALLS_IN_FLIGHT } from '../wire/limits.js'
import { askServed } from './ask-served.js'
import { createBuiltinHandlers } from './builtins.js'
import { describePeer, describeSelf, printPeer } from './describe-peer.js'
import { GracePeriod } from './grace-period.js'
import { openFeed } from './open-feed.js'
import { type PeerSettings, readDrainMs } from './peer-options.js'
import type { PeerParts } from './peer-parts.js'
import { pingPeer } from './ping-peer.js'
import { Presence } from './presence.js'
import { resolveTarget, type Surroundings } from './resolve-target.js'
import { readChanges, type Tuning } from './tuning.js'

/** A peer: the transport below, the table of the others beside, and all that calls and answers between them. */
export class PeerNode implements Peer {
  static {
    Object.defineProperty(this.prototype, inspect.custom, { value: this.prototype.toString })
  }

  readonly id: string
  readonly group: string
  readonly hub: boolean
  readonly ports: readonly number[]
  readonly #settings: PeerSettings
  readonly #parts: PeerParts
  readonly #tuning: Tuning
  readonly #deadlines = new Deadlines()
  readonly #connections: Connections
  readonly #flags = new FlagHandlers(INVALID_CONNECTION)
  readonly #service: Service
  readonly #table: PeerTable
  readonly #served: ServedBy
  readonly #chooser: Chooser
  readonly #invoker: Invoker
  readonly #events: PeerEvents
  readonly #builtins: NetgenStub
  #self: RemotePeer
  readonly #presence = new Presence()
  readonly #drain = new GracePeriod()
  #closing: Promise<void> | undefined
  #isClosed = false

  constructor(settings: PeerSettings, parts: PeerParts) {
    const { group, hub, root, logger, strictLocal, callSites, concurrency, interceptors } = settings
    const { timeoutMs, retryMs, drainMs, disclosure, mapError } = settings
    const { id, transport, carrier = transport, providers, ports = [], eventLog } = parts
    const tuning: Tuning = { timeoutMs, retryMs, drainMs, disclosure, mapError }
    this.id = id
    this.group = group
    this.hub = hub
    this.ports = Object.freeze([...ports])
    this.#tuning = tuning
    this.#settings = settings
    this.#parts = parts
    this.#self = Object.freeze({ id, group, hub, host: '', port: 0 })
    this.#connections = new Connections({ keepsEvents: eventLog !== undefined })
    const shared = {
      peer: this,
      connections: this.#connections,
      deadlines: this.#deadlines,
      logger,
      calleeInterceptors: interceptors.callee,
    }
    const label = (): string => describePeer(this.#self)
    const errorPolicy = new ErrorPolicy({ group, root, logger, tuning })
    this.#service = new Service({
      ...shared,
      label,
      isStarting: () => this.#presence.isStarting,
      engine: () => transport.engine,
      errorPolicy,
      maxTimeoutMs: MAX_TIMEOUT_MS,
      maxInFlight: MAX_CALLS_IN_FLIGHT,
    })
    this.#served = new ServedBy({ ask: (peer) => askServed(this.#builtins, peer), logger })
    const served = this.#served
    this.#table = new PeerTable({ selfId: id, selfGroup: group, providers, served, transport, concurrency, logger })
    this.#chooser = new Chooser({ selfGroup: group, table: this.#table, served })
    this.#invoker = new Invoker({
      ...shared,
      flags: this.#flags,
      self: () => this.#self,
      tuning,
      strictLocal,
      callSites,
      callerInterceptors: interceptors.caller,
      label: (target) => describePeer(target ?? this.#self),
      resolve: (target, connection, scope) => resolveTarget(target, this.#surroundings, scope, connection),
      carry: (target, call, scope) => {
        if (target !== undefined) return carrier.call(target, call, scope)
        return scope.carry(this.#service.serve({ ...call, input: { text: call.body } }))
      },
      carryAtOnce: (target, call, scope, receiver) => carrier.callAtOnce?.(target, call, scope, receiver),
      carryStream: (target, call, scope) => {
        if (target !== undefined) return carrier.stream(target, call, scope)
        return carryStream(call, scope, (arrived) => this.#service.serveStream(arrived))
      },
    })
    this.#events = new PeerEvents({
      self: () => this.#self,
      label,
      peers: this.#table,
      open: (peer, tag, listener) => openFeed(transport, this.#deadlines, peer, tag, listener),
      explainDeafness: settings.transport === 'http' ? explainEvents : undefined,
      eventLog,
      errorPolicy,
      logger,
    })
    this.#builtins = this.connect(netgen, createBuiltinHandlers(this, this.#connections, settings.info))
  }

  get host(): string {
    return this.#self.host
  }

  get port(): number {
    return this.#self.port
  }

  get connections(): ReadonlyMap<string, ConnectionDescriptor> {
    return new Map(this.#connections.served.map(({ tag, descriptor }) => [tag, descriptor]))
  }

  get flags(): ReadonlyMap<string, FlagDescriptor> {
    return new Map(this.#flags.known)
  }

  get subscriptions(): Peer['subscriptions'] {
    return this.#events.subscriptions
  }

  get lateAnswers(): number {
    return this.#parts.transport.lateAnswers ?? 0
  }

  describe(): PeerDescription {
    return describeSelf(this.#self, this.#parts.transport.engine)
  }

  toString(): string {
    return printPeer(this)
  }

  listen(): Promise<void> {
    if (this.#closing !== undefined) throw refuse('failed_precondition', 'this peer is closed: make a new one')
    return this.#presence.begin(() => this.#listen())
  }

  async #listen(): Promise<void> {
    const { transport } = this.#parts
    transport.observe?.(this.#table)
    const address = await transport.listen(this.#self, this.#service, this.#events.published)
    this.#self = Object.freeze({ ...this.#self, ...address })
    await this.#table.start(this.#self)
  }

  connect<Stub, Handlers>(descriptor: Descriptor<Stub, Handlers>, handlers?: Handlers): Stub {
    try {
      this.#refuseClosed()
      return this.#connect(descriptor, handlers)
    } catch (thrown) {
      throw explainRefusal(thrown, captureCallSite(this.connect))
    }
  }

  #connect<Stub, Handlers>(descriptor: Descriptor<Stub, Handlers>, handlers: Handlers | undefined): Stub {
    const schema = this.#connections.add(descriptor, handlers)
    this.#flags.learn(schema.flags)
    const { concurrency } = this.#settings
    const tuning = this.#tuning
    const many: CallEachOptions = {
      invoker: this.#invoker,
      deadlines: this.#deadlines,
      peers: (filter) => this.#table.list(filter),
      concurrency,
      get timeoutMs() {
        return tuning.timeoutMs
      },
    }
    const stub = createStub(schema, this.#invoker, createManyRunner(many), (event) => this.#events.connect(event))
    // The descriptor's type says what its connections are; the stub is made from the same list.
    return stub as Stub
  }

  onFlag<Data>(flag: FlagDescriptor<Data>, handler: FlagHandler<Data>): Disposable {
    this.#refuseClosed()
    return this.#flags.handle(flag, handler)
  }

  configure(changes: PeerChanges): void {
    const { tuning, logLevel } = readChanges(changes)
    const { consoleLogger } = this.#settings
    if (logLevel !== undefined && consoleLogger === undefined) {
      throw refuse(
        'invalid_argument',
        'option logLevel of configure changes nothing here: this peer was given a logger',
      )
    }
    Object.assign(this.#tuning, tuning)
    if (logLevel !== undefined && consoleLogger !== undefined) consoleLogger.level = logLevel
  }

  async ping(target: PeerTarget, options: PingOptions = {}): Promise<Ping> {
    this.#refuseClosed()
    return pingPeer(target, options, this.#surroundings, this.#deadlines)
  }

  async peers(filter: PeerFilter = {}): Promise<RemotePeer[]> {
    this.#refuseClosed()
    this.#presence.refuseSilent()
    return this.#table.list(filter)
  }

  watch(filter: WatchFilter = {}, options: WatchOptions = {}): AsyncIterableIterator<PeerChange> {
    this.#refuseClosed()
    this.#presence.refuseSilent()
    return watchPeers({ table: this.#table, served: this.#served, ownGroup: this.group }, filter, options)
  }

  close(options: CloseOptions = {}): Promise<void> {
    this.#drain.limit(readDrainMs(options) ?? this.#tuning.drainMs)
    this.#closing ??= this.#end()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #end(): Promise<void> {
    // What is still being opened would stay open. Then the goodbye, so that nobody new comes while the last calls end.
    await this.#presence.settle()
    await Promise.race([this.#parts.transport.withdraw?.(), this.#drain.over])
    try {
      await this.#table.stop()
    } finally {
      const drained = Promise.all([this.#service.leave(), this.#events.leave()]).then(() => true)
      this.#parts.transport.leave()
      const isDrained = await Promise.race([drained, this.#drain.over.then(() => false)])
      this.#drain.end()
      this.#isClosed = true
      this.#table.close()
      this.#service.close()
      this.#invoker.close()
      this.#events.close()
      await this.#parts.transport.close(isDrained)
      this.#deadlines.close()
    }
  }

  /** What targets are looked up in. */
  get #surroundings(): Surroundings {
    this.#presence.refuseSilent()
    return { self: this.#self, table: this.#table, transport: this.#parts.transport, chooser: this.#chooser }
  }

  #refuseClosed(): void {
    // Until then its handlers may need others.
    if (this.#isClosed) throw refuse('failed_precondition', 'this peer is closed: make a new one')
  }
}

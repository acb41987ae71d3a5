import type { Address } from '../../api/address.js'
import type { Logger } from '../../api/logger.js'
import type { PeerChange } from '../../api/peer.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { mapConcurrently } from '../../call/map-concurrently.js'
import { coalesce } from '../coalesce.js'
import { PATIENCE_HERE, PATIENCE_THERE, type Patience } from '../detector.js'
import type { Claims, Provider } from '../provider.js'
import { followFolder } from './follow-folder.js'
import type { PeerFile } from './peer-file.js'
import { hasEnded, isRunning, readOwnProcess } from './peer-process.js'
import { nameOf, PeersFolder } from './peers-folder.js'
import { readLoopbackScope } from './registry-folder.js'

/** How many files are read at once. */
const READ_WIDTH = 16

/**
 * How often processes, and the folder, are looked at while somebody follows, in milliseconds. Kills are seen by that alone; what
 * changes in the folder is seen at once where the system tells of it, which not every file system does.
 */
const CHECK_MS = 150

/** How often somebody whose process runs, and who was not reached, is claimed again while somebody follows, in milliseconds. */
const RETRY_MS = 1_000

/** With a peer of this machine whose process cannot be seen, as one of another container: its address has to say that it is gone. */
const PATIENCE_UNSEEN: Patience = Object.freeze({ ...PATIENCE_THERE, goneAfterMs: Number.POSITIVE_INFINITY })

/** How to make a {@link LocalProvider}. */
export interface LocalProviderOptions {
  /** The folder with one file for each peer. */
  readonly path: string
  /** Where peers of this machine reach this one, once it listens; undefined: where all others do. */
  readonly findLocal: () => Address | undefined
  readonly logger: Logger
}

/** The peers of one user on one machine: each has a file in the registry folder, which the others read. */
export class LocalProvider implements Provider {
  readonly name = 'local'
  readonly #folder: PeersFolder
  readonly #findLocal: () => Address | undefined
  readonly #logger: Logger
  readonly #scope: string = readLoopbackScope()
  readonly #process = readOwnProcess()
  /** Never twice at once: a file that comes while the names are read would count as gone. */
  readonly #look = coalesce(() => this.#readWhatChanged())
  /** The names of files that have come or gone; `all` where the whole folder is to be read. */
  #changed: Set<string> | 'all' = new Set()
  /** By the file's name. Files are never changed: each is read once. */
  #known = new Map<string, PeerFile | 'none'>()
  /** The names of files whose peers were not reached, though their processes run. */
  readonly #unreached = new Set<string>()
  #claims: Claims | undefined
  #ownId: string | undefined

  constructor({ path, findLocal, logger }: LocalProviderOptions) {
    this.#folder = new PeersFolder(path, logger)
    this.#findLocal = findLocal
    this.#logger = logger
  }

  async start(self: RemotePeer, claims: Claims): Promise<void> {
    this.#claims = claims
    // What is advertised is for other machines: a router seldom leads back those who are behind it.
    const peer = { ...self, ...this.#findLocal() }
    await this.#folder.write({ peer, startedAtMs: Date.now(), scope: this.#scope, process: this.#process })
    this.#ownId = self.id
  }

  refresh(): Promise<void> {
    this.#changed = 'all'
    return this.#look()
  }

  watch(): () => void {
    const onFailure = (error: unknown): void => this.#logger.debug('the registry cannot be looked at', { error })
    const folder = followFolder(this.#folder, (name) => {
      if (name === undefined) this.#changed = 'all'
      else if (this.#changed !== 'all') this.#changed.add(name)
      this.#look().catch(onFailure)
    })
    const check = async (): Promise<void> => {
      await this.#removeEnded([...this.#known.values()])
      await folder.check()
      // What could not be read before is read as soon as it can be.
      if (this.#changed === 'all') await this.#look()
    }
    const timer = setInterval(() => void check().catch(onFailure), CHECK_MS).unref()
    const retryTimer = setInterval(() => this.#claimUnreached(), RETRY_MS).unref()
    return () => {
      clearInterval(timer)
      clearInterval(retryTimer)
      folder.end()
    }
  }

  notice({ type, peer }: PeerChange): void {
    if (type === 'joined') this.#unreached.delete(nameOf(peer.id))
  }

  /** Removes its file, unless its process runs: then it was only not reached, and nobody but itself takes it back. */
  async forget({ id }: RemotePeer): Promise<void> {
    const name = nameOf(id)
    const file = this.#known.get(name)
    if (!this.#isReachable(file)) return
    if (isRunning(file.process, this.#process)) this.#unreached.add(name)
    else await this.#remove(id)
  }

  async stop(): Promise<void> {
    if (this.#ownId === undefined) return
    await this.#folder.remove(this.#ownId)
    this.#ownId = undefined
  }

  patienceWith(peer: RemotePeer): Patience {
    const file = this.#known.get(nameOf(peer.id))
    const isSeen = typeof file === 'object' && file.process.namespace === this.#process.namespace
    return isSeen ? PATIENCE_HERE : PATIENCE_UNSEEN
  }

  async #readWhatChanged(): Promise<void> {
    const changed = this.#changed
    this.#changed = new Set()
    try {
      await (changed === 'all' ? this.#readFolder() : this.#readFiles([...changed]))
    } catch (error) {
      this.#changed = 'all'
      throw error
    }
  }

  async #readFolder(): Promise<void> {
    const names = new Set(await this.#folder.list())
    for (const name of this.#known.keys()) if (!names.has(name)) this.#drop(name)
    const unread = [...names].filter((name) => !this.#known.has(name))
    await mapConcurrently(unread, READ_WIDTH, (name) => this.#read(name))
    await this.#claim([...this.#known.keys()])
  }

  async #readFiles(names: readonly string[]): Promise<void> {
    await mapConcurrently(names, READ_WIDTH, async (name) => {
      if (!this.#known.has(name)) await this.#read(name)
      else if (!(await this.#folder.has(name))) this.#drop(name)
    })
    await this.#claim(names)
  }

  async #read(name: string): Promise<void> {
    const file = await this.#folder.read(name)
    if (file !== undefined) this.#known.set(name, file)
  }

  /** Whoever says goodbye removes its own file; one that is forgotten is not known any more. */
  #drop(name: string): void {
    const file = this.#known.get(name)
    this.#known.delete(name)
    this.#unreached.delete(name)
    if (this.#isReachable(file)) this.#claims?.remove(file.peer.id, this)
  }

  async #claim(names: readonly string[]): Promise<void> {
    const find = (): PeerFile[] => names.map((name) => this.#known.get(name)).filter((file) => this.#isReachable(file))
    await this.#removeEnded(find())
    for (const { peer } of find().sort(compareStarts)) this.#claims?.add(peer, this)
  }

  /** Removes the files of processes that were killed: nothing has to be sent to find that out. */
  async #removeEnded(files: readonly (PeerFile | 'none')[]): Promise<void> {
    const ended = files
      .filter((file) => this.#isReachable(file))
      .filter((file) => hasEnded(file.process, this.#process))
    for (const { peer } of ended) this.#claims?.remove(peer.id, this)
    await mapConcurrently(ended, READ_WIDTH, ({ peer }) => this.#remove(peer.id))
  }

  async #remove(id: string): Promise<void> {
    this.#known.delete(nameOf(id))
    this.#unreached.delete(nameOf(id))
    await this.#folder.remove(id)
  }

  #claimUnreached(): void {
    for (const name of this.#unreached) {
      const file = this.#known.get(name)
      if (this.#isReachable(file)) this.#claims?.add(file.peer, this)
    }
  }

  /** Whether it is of a peer on this loopback, rather than of another machine that shares the folder. */
  #isReachable(file: PeerFile | 'none' | undefined): file is PeerFile {
    return typeof file === 'object' && file.scope === this.#scope
  }
}

/** By their start; ids decide where two started at once. */
function compareStarts(left: PeerFile, right: PeerFile): number {
  return left.startedAtMs - right.startedAtMs || (left.peer.id < right.peer.id ? -1 : 1)
}

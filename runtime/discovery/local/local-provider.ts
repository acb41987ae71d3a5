import { rmSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../api/logger.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import { refuse } from '../../errors/refuse.js'
import type { Provider } from '../provider.js'
import { type PeerFile, printPeerFile, readPeerFile } from './peer-file.js'
import { readLoopbackScope } from './registry-folder.js'

const ENDING = '.json'

/** The files of this process's peers: one listener for all of them, since Node warns from the eleventh on. */
const removeAtExit = new Set<string>()

function removeFiles(): void {
  for (const path of removeAtExit) rmSync(path, { force: true })
}

/** The peers of one user on one machine: each has a file in the registry folder, which the others read. */
export class LocalProvider implements Provider {
  readonly #folder: string
  readonly #logger: Logger
  readonly #scope: string = readLoopbackScope()
  /** Files are written once and never changed: each is read once. */
  #known = new Map<string, PeerFile | undefined>()
  #ownPath: string | undefined

  constructor(folder: string, logger: Logger) {
    this.#folder = folder
    this.#logger = logger
  }

  async announce(self: RemotePeer): Promise<void> {
    const path = this.#pathOf(self.id)
    const text = printPeerFile({ peer: self, startedAtMs: Date.now(), scope: this.#scope })
    // Written beside and renamed, so that nobody reads half of it.
    await writeFile(`${path}.new`, text, { mode: 0o600, flag: 'wx' })
    await rename(`${path}.new`, path)
    this.#ownPath = path
    // A process that ends without closing its peer says goodbye all the same, unless it is killed.
    removeAtExit.add(path)
    if (removeAtExit.size === 1) process.on('exit', removeFiles)
  }

  async list(): Promise<RemotePeer[]> {
    const names = await this.#readNames()
    const known = new Map<string, PeerFile | undefined>()
    for (const name of names) {
      if (this.#known.has(name)) known.set(name, this.#known.get(name))
      else await this.#read(name, known)
    }
    this.#known = known
    return [...known.values()]
      .filter((file) => file?.scope === this.#scope)
      .filter((file) => file !== undefined)
      .sort((left, right) => left.startedAtMs - right.startedAtMs || (left.peer.id < right.peer.id ? -1 : 1))
      .map((file) => file.peer)
  }

  async forget(peer: RemotePeer): Promise<void> {
    await rm(this.#pathOf(peer.id), { force: true })
  }

  async withdraw(): Promise<void> {
    if (this.#ownPath === undefined) return
    removeAtExit.delete(this.#ownPath)
    if (removeAtExit.size === 0) process.off('exit', removeFiles)
    await rm(this.#ownPath, { force: true })
    this.#ownPath = undefined
  }

  async #readNames(): Promise<string[]> {
    try {
      return (await readdir(this.#folder)).filter((name) => name.endsWith(ENDING))
    } catch (cause) {
      // Without it nobody finds this peer either.
      throw refuse(
        'unavailable',
        `registry folder ${this.#folder} cannot be read: close this peer, and make a new one`,
        {
          cause,
        },
      )
    }
  }

  /** Adds what a file says; undefined where that is no peer; nothing where it cannot be read, which may pass. */
  async #read(name: string, known: Map<string, PeerFile | undefined>): Promise<void> {
    const path = join(this.#folder, name)
    try {
      const file = readPeerFile(await readFile(path, 'utf8'))
      // A name that is not its peer's could have another peer's file removed.
      const isOwn = file !== undefined && this.#pathOf(file.peer.id) === path
      known.set(name, isOwn ? file : undefined)
      if (!isOwn) this.#logger.warn('a file in the registry is no peer that this version of netgen reads', { path })
    } catch (error) {
      // It may have been removed since the folder was read.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
      this.#logger.warn('a file in the registry cannot be read', { path, error })
    }
  }

  #pathOf(id: string): string {
    return join(this.#folder, id + ENDING)
  }
}

import { rmSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../api/logger.js'
import type { RemotePeer } from '../../api/remote-peer.js'
import type { Provider } from '../provider.js'
import { type PeerFile, printPeerFile, readPeerFile } from './peer-file.js'
import { readLoopbackScope } from './registry-folder.js'

const ENDING = '.json'

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
    process.once('exit', this.#onExit)
  }

  async list(): Promise<RemotePeer[]> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(ENDING))
    const known = new Map<string, PeerFile | undefined>()
    for (const name of names) known.set(name, this.#known.has(name) ? this.#known.get(name) : await this.#read(name))
    this.#known = known
    return [...known.values()]
      .filter((file) => file !== undefined)
      .filter((file) => file.scope === this.#scope)
      .sort((left, right) => left.startedAtMs - right.startedAtMs || (left.peer.id < right.peer.id ? -1 : 1))
      .map((file) => file.peer)
  }

  async forget(peer: RemotePeer): Promise<void> {
    await rm(this.#pathOf(peer.id), { force: true })
  }

  async withdraw(): Promise<void> {
    process.off('exit', this.#onExit)
    if (this.#ownPath !== undefined) await rm(this.#ownPath, { force: true })
    this.#ownPath = undefined
  }

  readonly #onExit = (): void => {
    if (this.#ownPath !== undefined) rmSync(this.#ownPath, { force: true })
  }

  async #read(name: string): Promise<PeerFile | undefined> {
    const path = join(this.#folder, name)
    try {
      const file = readPeerFile(await readFile(path, 'utf8'))
      // A name that is not its peer's could have another peer's file removed.
      if (file !== undefined && this.#pathOf(file.peer.id) === path) return file
      this.#logger.warn('a file in the registry is not of this version of netgen', { path })
    } catch (error) {
      // It may have been removed since the folder was read.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        this.#logger.warn('a file in the registry cannot be read', { path, error })
    }
    return undefined
  }

  #pathOf(id: string): string {
    return join(this.#folder, id + ENDING)
  }
}

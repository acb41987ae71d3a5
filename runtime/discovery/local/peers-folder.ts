import { constants, type FSWatcher, rmSync, type Stats, watch } from 'node:fs'
import { lstat, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from '../../api/logger.js'
import { refuse } from '../../errors/refuse.js'
import { isForeign } from '../../transport/own-file.js'
import { Limiter } from '../limiter.js'
import { type PeerFile, printPeerFile, readPeerFile } from './peer-file.js'

const ENDING = '.json'

/** Of a file that is being written, or whose writer was killed then. */
const NEW_ENDING = `${ENDING}.new`

/** After how long nobody is writing a file any more, in milliseconds. */
const MAX_WRITING_MS = 60_000

/** A file of netgen's has some 300 bytes, and a group's name any number. */
const MAX_FILE_BYTES = 64 * 1024

/** A link may lead anywhere, and opening a pipe would wait for whoever writes into it. Windows has neither flag. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** How many files this process reads at once, for all of its peers: each takes a descriptor. */
const reads = new Limiter(16)

/** The files of this process's peers: one listener for all of them, since Node warns from the eleventh on. */
const removeAtExit = new Set<string>()

function removeFiles(): void {
  for (const path of removeAtExit) rmSync(path, { force: true })
}

/** The folder with one file for each peer of this user. Files are written once, by renaming, and never changed. */
export class PeersFolder {
  readonly #path: string
  readonly #logger: Logger

  constructor(path: string, logger: Logger) {
    this.#path = path
    this.#logger = logger
  }

  /**
   * Writes a peer's file, which is removed when the process ends. Rejects with `unavailable` where that cannot be, for a full disk or
   * any other reason; then nothing of it is left.
   */
  async write(file: PeerFile): Promise<void> {
    const path = this.#pathOf(file.peer.id)
    const unfinished = `${path}.new`
    try {
      // Written beside and renamed, so that nobody reads half of it.
      await writeFile(unfinished, printPeerFile(file), { mode: 0o600, flag: 'wx' })
      await rename(unfinished, path)
    } catch (cause) {
      await rm(unfinished, { force: true })
      const problem = `peer file ${path} cannot be written (${readCode(cause)})`
      throw refuse('unavailable', `${problem}: make room there, or set NET_REGISTRY to another folder`, { cause })
    }
    // A process that ends without closing its peer says goodbye all the same, unless it is killed.
    removeAtExit.add(path)
    if (removeAtExit.size === 1) process.on('exit', removeFiles)
  }

  /** Removes a peer's file, of this process or another. Does nothing where there is none. */
  async remove(id: string): Promise<void> {
    const path = this.#pathOf(id)
    if (removeAtExit.delete(path) && removeAtExit.size === 0) process.off('exit', removeFiles)
    await rm(path, { force: true })
  }

  /** The names of the files that are there. Rejects with `unavailable` where the folder cannot be read. */
  async list(): Promise<string[]> {
    try {
      const names = await readdir(this.#path)
      for (const name of names) if (name.endsWith(NEW_ENDING)) await this.#removeUnfinished(name)
      return names.filter((name) => name.endsWith(ENDING))
    } catch (cause) {
      // Without it nobody finds this peer either.
      throw refuse('unavailable', `registry folder ${this.#path} cannot be read: close this peer, and make a new one`, {
        cause,
      })
    }
  }

  /**
   * What a file says: `none` where it is no peer's, which is logged, and undefined where it cannot be read, which may pass. Links,
   * pipes, other users' files and large ones are not even read.
   */
  async read(name: string): Promise<PeerFile | 'none' | undefined> {
    const path = join(this.#path, name)
    try {
      const read = await reads.run(() => readOwn(path))
      const file = typeof read === 'string' ? readPeerFile(read) : undefined
      // A name that is not its peer's could have another peer's file removed.
      if (file !== undefined && this.#pathOf(file.peer.id) === path) return file
      const reason = typeof read === 'string' ? 'no peer that this version of netgen reads' : read.problem
      this.#logger.warn(`a file in the registry is ${reason}`, { path })
      return 'none'
    } catch (error) {
      // It may have been removed since the folder was read.
      if (readCode(error) !== 'ENOENT') this.#logger.warn('a file in the registry cannot be read', { path, error })
      return undefined
    }
  }

  /** Changes with what is in the folder; rejects where it cannot be read. */
  async readVersion(): Promise<number> {
    return (await stat(this.#path)).mtimeMs
  }

  /** Whether a file is there; true where that cannot be told. */
  async has(name: string): Promise<boolean> {
    try {
      await lstat(join(this.#path, name))
      return true
    } catch (error) {
      return readCode(error) !== 'ENOENT'
    }
  }

  /**
   * Calls the listener with the name of a file that was added or removed, as soon as the system says so, if it does, until the answer is
   * called; with nothing where the system does not say which.
   */
  watch(onChange: (name: string | undefined) => void): () => void {
    let watcher: FSWatcher
    try {
      watcher = watch(this.#path, { persistent: false }, (_, name) => {
        if (name === null || name.endsWith(ENDING)) onChange(name ?? undefined)
      })
    } catch (error) {
      this.#logger.debug('the system does not tell of changes in the registry', { path: this.#path, error })
      return () => {}
    }
    watcher.on('error', (error) => this.#logger.debug('the registry is not watched any more', { error }))
    return () => watcher.close()
  }

  async #removeUnfinished(name: string): Promise<void> {
    const path = join(this.#path, name)
    try {
      if (Date.now() - (await lstat(path)).mtimeMs > MAX_WRITING_MS) await rm(path, { force: true })
    } catch {
      // It was renamed just now.
    }
  }

  #pathOf(id: string): string {
    return join(this.#path, nameOf(id))
  }
}

/** The name of a peer's file. */
export function nameOf(id: string): string {
  return id + ENDING
}

async function readOwn(path: string): Promise<string | { problem: string }> {
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(path, OPEN_FLAGS)
  } catch (error) {
    if (readCode(error) === 'ELOOP') return { problem: 'a link, which is not followed' }
    throw error
  }
  try {
    const problem = findProblem(await file.stat())
    return problem === undefined ? await file.readFile('utf8') : { problem }
  } finally {
    await file.close()
  }
}

function findProblem(status: Stats): string | undefined {
  if (!status.isFile()) return 'no file'
  if (isForeign(status)) return "another user's"
  return status.size > MAX_FILE_BYTES ? `of ${status.size} bytes, which is too large` : undefined
}

function readCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown'
}

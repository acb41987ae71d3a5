import { Worker } from 'node:worker_threads'
import type { ModuleOutline } from '../source/outline.js'
import { readSource } from '../source/read-source.js'
import { locateThread } from './own-program.js'
import { openSourceCache } from './source-cache.js'

/** Reads source files in a thread of its own, as the compiler that parses them takes longer to load than most of the rest. */
export interface SourceReader {
  /**
   * Outlines files, in order. A file that is gone counts as empty. Rejects where the compiler cannot be loaded.
   *
   * @param files Absolute.
   */
  read(files: readonly string[]): Promise<readonly ModuleOutline[]>
  /** Starts the thread now, for what will be read. */
  prepare(): void
  /** Ends the thread, once it has kept what the next one will be faster by. Nothing can be read any more. */
  close(): Promise<void>
}

/** What the thread is started with. */
export interface SourceThreadData {
  readonly cacheFolder: string | undefined
}

/** What the thread says: one answer to each list of files, and after the first that it has kept what it can. */
export type SourceMessage =
  | { readonly is: 'read'; readonly outlines: readonly ModuleOutline[] }
  | { readonly is: 'kept' }

/**
 * Creates a reader. Its thread starts when it is needed: for a file whose text no earlier build has seen.
 *
 * @param cacheFolder Where outlines are kept, and what makes the compiler load faster. `undefined`: nowhere.
 */
export function createSourceReader(cacheFolder: string | undefined): SourceReader {
  const cache = openSourceCache(cacheFolder)
  let starting: Promise<SourceThread> | undefined
  let last: Promise<unknown> = Promise.resolve()
  let keeping: Promise<unknown> = Promise.resolve()
  let hasAsked = false

  function start(): Promise<SourceThread> {
    if (starting === undefined) {
      starting = startThread({ cacheFolder })
      // Whoever reads hears of it.
      starting.catch(() => undefined)
    }
    return starting
  }

  async function ask(files: readonly string[], before: Promise<unknown>): Promise<readonly ModuleOutline[]> {
    const thread = start()
    if (!hasAsked) {
      hasAsked = true
      keeping = thread.then(({ receive }) => receive('kept'))
      keeping.catch(() => undefined)
    }
    const { worker, receive } = await thread
    await before
    worker.postMessage(files)
    const { outlines } = await receive('read')
    return outlines
  }

  async function read(files: readonly string[]): Promise<readonly ModuleOutline[]> {
    // The thread remembers more than the disk does.
    const found = new Map(files.map((file) => [file, starting ? undefined : cache.read(file, readSource(file))]))
    const missing = files.filter((file) => found.get(file) === undefined)
    if (missing.length === 0) return files.map((file) => found.get(file) as ModuleOutline)
    const answer = ask(missing, last)
    last = answer.catch(() => undefined)
    const outlines = new Map((await answer).map((outline) => [outline.file, outline]))
    return files.map((file) => (found.get(file) ?? outlines.get(file)) as ModuleOutline)
  }

  return {
    read,
    prepare: () => void start(),
    close: async () => {
      const thread = starting
      if (thread === undefined) return
      await keeping.catch(() => undefined)
      await thread.then(
        ({ worker }) => worker.terminate(),
        () => undefined,
      )
    },
  }
}

interface SourceThread {
  readonly worker: Worker
  /** Waits for the next message of a kind. Rejects where the thread ends before. */
  receive<Kind extends SourceMessage['is']>(kind: Kind): Promise<Extract<SourceMessage, { readonly is: Kind }>>
}

async function startThread(data: SourceThreadData): Promise<SourceThread> {
  const worker = new Worker(await locateThread('load/source-thread'), { workerData: data })
  const ended = new Promise<never>((_, reject) => {
    worker.once('error', reject)
    worker.once('exit', (exitCode) => reject(new Error(`the thread that reads source ended with ${exitCode}`)))
  })
  // Whoever waits for a message hears of it.
  ended.catch(() => undefined)
  return {
    worker,
    receive: (kind) => {
      const received = new Promise<Extract<SourceMessage, { readonly is: typeof kind }>>((resolve) => {
        worker.on('message', function listen(message: SourceMessage) {
          if (message.is !== kind) return
          worker.off('message', listen)
          resolve(message as Extract<SourceMessage, { readonly is: typeof kind }>)
        })
      })
      return Promise.race([received, ended])
    },
  }
}

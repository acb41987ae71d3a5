import { Worker } from 'node:worker_threads'
import type { ModuleOutline } from '../source/outline.js'
import { locateThread } from './own-program.js'

/** Reads source files in a thread of its own, as the compiler that parses them takes longer to load than most of the rest. */
export interface SourceReader {
  /**
   * Outlines files, in order. A file that is gone counts as empty. Rejects where the compiler cannot be loaded.
   *
   * @param files Absolute.
   */
  read(files: readonly string[]): Promise<readonly ModuleOutline[]>
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
 * Creates a reader, whose thread starts at once.
 *
 * @param cacheFolder Where is kept what makes the compiler load faster. `undefined`: nowhere.
 */
export function createSourceReader(cacheFolder: string | undefined): SourceReader {
  const starting = startThread({ cacheFolder })
  // Whoever reads hears of it.
  starting.catch(() => undefined)
  let last: Promise<unknown> = starting
  let keeping: Promise<unknown> = Promise.resolve()

  async function ask(files: readonly string[], before: Promise<unknown>): Promise<readonly ModuleOutline[]> {
    await before
    const thread = await starting
    thread.worker.postMessage(files)
    const { outlines } = await thread.receive('read')
    return outlines
  }

  return {
    read: (files) => {
      const answer = ask(files, last)
      if (last === starting) keeping = answer.then(async () => (await starting).receive('kept'))
      last = answer.catch(() => undefined)
      keeping.catch(() => undefined)
      return answer
    },
    close: async () => {
      try {
        await keeping
      } finally {
        await starting.then(
          ({ worker }) => worker.terminate(),
          () => undefined,
        )
      }
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

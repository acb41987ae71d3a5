import { Worker } from 'node:worker_threads'
import { locateThread } from '../load/own-program.js'
import type { CompiledChecks } from './compile-all.js'
import type { CheckedSchemas } from './compile-checks.js'

/** So few that the threads end together, so many that messages cost nothing. */
const BATCH_CONNECTIONS = 16

/**
 * Compiles the checks of declarations in threads of their own, each with an ajv of its own, and answers them in order. The
 * threads end with the work. Rejects where a thread cannot run at all.
 */
export async function compileInThreads(all: readonly CheckedSchemas[], threads: number): Promise<CompiledChecks[]> {
  const url = await locateThread('validators/compile-thread')
  const compiled: CompiledChecks[][] = []
  let next = 0

  async function work(): Promise<void> {
    const worker = new Worker(url)
    try {
      while (next < all.length) {
        const from = next
        next += BATCH_CONNECTIONS
        compiled[from / BATCH_CONNECTIONS] = await askThread(worker, all.slice(from, next))
      }
    } finally {
      await worker.terminate()
    }
  }

  await Promise.all(Array.from({ length: threads }, work))
  return compiled.flat()
}

function askThread(worker: Worker, batch: readonly CheckedSchemas[]): Promise<CompiledChecks[]> {
  return new Promise((resolve, reject) => {
    worker.removeAllListeners()
    worker.once('message', resolve).once('error', reject)
    worker.once('exit', (exitCode) => reject(new Error(`a thread that compiles checks ended with ${exitCode}`)))
    worker.postMessage(batch)
  })
}

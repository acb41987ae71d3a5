import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** What a process holds, in bytes. */
export interface Memory {
  /** What the system counts. */
  readonly residentBytes: number
  /** What is alive in V8's heap and beside it. */
  readonly usedBytes: number
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const PAUSE_MS = 500
/** Calm means less change than this from one look to the next. */
const MAX_CHANGE_BYTES = 64 * 1024
const MAX_LOOKS = 40

/** What this process holds once garbage is collected and nothing changes any more, at the latest after 20 s. */
export async function readSettledMemory(): Promise<Memory> {
  let last = readMemory()
  for (let look = 0; look < MAX_LOOKS; look++) {
    await sleep(PAUSE_MS)
    const now = readMemory()
    if (Math.abs(now.usedBytes - last.usedBytes) < MAX_CHANGE_BYTES) return now
    last = now
  }
  return last
}

function readMemory(): Memory {
  collect()
  collect()
  const { rss, heapUsed, external } = process.memoryUsage()
  return { residentBytes: rss, usedBytes: heapUsed + external }
}

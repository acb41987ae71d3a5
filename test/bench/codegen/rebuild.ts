// How long `netgen build --watch` takes from a change of one connection to the files written, with 10, 100 and 1,000 connections.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readArguments } from '../measure/arguments.js'
import { formatTable, formatTime, writeResults } from '../measure/report.js'
import { findMedian } from '../measure/rounds.js'
import { WORK_FOLDER } from './generators.js'
import { printSchemaFile } from './print-typebox.js'
import { describeService } from './service.js'

const { rounds, sizes } = readArguments({ rounds: 7, sizes: [10, 100, 1000] })
const NETGEN = join(import.meta.dirname, '../node_modules/netgen/dist/generator/cli/main.js')

/** The watch says how long it took, after it wrote the last file. */
const REBUILT = /\((\d+) ms\)/

/** One rebuild: as the watch says, and as it is seen from outside, with what settles and notices a change. */
interface Rebuild {
  readonly saidMs: number
  readonly seenMs: number
}

const results: Record<string, readonly Rebuild[]> = {}
for (const size of sizes) results[size] = await measureRebuilds(size)
const rows = Object.entries(results).map(([size, rebuilds]) => [
  size,
  formatTime(findMedian(rebuilds.map(({ saidMs }) => saidMs))),
  formatTime(findMedian(rebuilds.map(({ seenMs }) => seenMs))),
])
console.log(`one connection changed, medians of ${rounds} rebuilds`)
console.log(formatTable([['connections', 'rebuilt in', 'from saving to written'], ...rows]))
console.log(`\nevery rebuild: ${writeResults('rebuild', results)}`)

async function measureRebuilds(size: number): Promise<Rebuild[]> {
  const folder = join(WORK_FOLDER, `rebuild-${size}`)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'schema.ts')
  const text = printSchemaFile(describeService(size))
  writeFileSync(file, text)
  const watch = spawn(process.execPath, [NETGEN, 'build', '--language', 'ts', '--watch'], { cwd: folder })
  try {
    await readUntil(watch, /watching/)
    const rebuilds: Rebuild[] = []
    for (let round = 0; round < rounds; round++) {
      // What the last rebuild leaves to be done for the next one is done by then, as it is between two keystrokes.
      await new Promise((resolve) => setTimeout(resolve, 1000))
      const rebuilt = readUntil(watch, /watching/)
      const savedAtMs = performance.now()
      writeFileSync(file, text.replace("'k0'", `'changed${round}'`))
      const said = REBUILT.exec(await rebuilt)?.[1]
      rebuilds.push({ saidMs: Number(said), seenMs: performance.now() - savedAtMs })
      if (!readFileSync(join(folder, 'generated/schema.ts'), 'utf8').includes(`changed${round}`))
        throw new Error('stale')
    }
    return rebuilds
  } finally {
    watch.kill()
    await once(watch, 'close')
  }
}

function readUntil({ stderr }: ChildProcessWithoutNullStreams, end: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let text = ''
    const read = (chunk: Buffer): void => {
      text += chunk.toString()
      if (!end.test(text)) return
      stderr.off('data', read)
      resolve(text)
    }
    stderr.on('data', read)
  })
}

// How long a peer takes from the start of its process to its first validated call, with 1, 100 and 1,000 connections generated.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readArguments } from '../measure/arguments.js'
import { formatTable, formatTime, writeResults } from '../measure/report.js'
import { findMedian, measureInRounds } from '../measure/rounds.js'
import { runProcess } from '../measure/run-process.js'
import { WORK_FOLDER } from './generators.js'
import { printSchemaFile } from './print-typebox.js'
import { describeService } from './service.js'

const { rounds, sizes } = readArguments({ rounds: 11, sizes: [1, 100, 1000] })
const BENCH_FOLDER = join(import.meta.dirname, '..')
const COMPILER = join(BENCH_FOLDER, 'node_modules/typescript-7/bin/tsc')
const NETGEN = join(BENCH_FOLDER, 'node_modules/netgen/dist/generator/cli/main.js')

/** A peer that makes one call of its own and says when it was answered, in milliseconds since the process began. */
const PROGRAM = `import { createMemoryNetwork } from 'netgen/testing'
import { schema } from './generated/schema.js'

const peer = await createMemoryNetwork().createPeer({ strictLocal: true })
const handler = () => ({ ok: true, total: 1, field0: '', items: [], next: { cursor: '', more: false } })
const stub = peer.connect(schema, new Proxy({}, { get: () => handler, has: () => true }) as never)
await stub.method0({
  id: '6fa459ea-ee8a-3ca4-894e-db77e160355e', count: 1, kind: 'a', tags: [], meta: { at: 1 },
})
console.log(performance.now())
process.exit()
`

const folders = new Map(sizes.map((size) => [String(size), writeProgram(size)]))
const cases = [...folders].map(([name, folder]) => ({ name, measure: () => start(folder) }))
const times = await measureInRounds(cases, rounds)
const base = findMedian(times.get(String(sizes[0])) ?? [])
const rows = [...times].map(([name, all]) => {
  const timeMs = findMedian(all)
  return [name, formatTime(timeMs), formatTime(timeMs - base)]
})
console.log(`first validated call, medians of ${rounds} rounds`)
console.log(formatTable([['connections', 'since process start', 'more than the first row'], ...rows]))
console.log(`\nevery run: ${writeResults('startup', Object.fromEntries(times))}`)

function writeProgram(size: number): string {
  const folder = join(WORK_FOLDER, `startup-${size}`)
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'schema.ts'), printSchemaFile(describeService(size)))
  writeFileSync(join(folder, 'main.ts'), PROGRAM)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    rootDir: '.',
    outDir: 'dist',
    skipLibCheck: true,
    noCheck: true,
    types: [],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['main.ts', 'generated'] }))
  run([process.execPath, NETGEN, 'build', 'schema.ts'], folder)
  run([process.execPath, COMPILER, '-p', '.'], folder)
  return folder
}

function start(folder: string): number {
  return Number.parseFloat(run([process.execPath, 'dist/main.js'], folder))
}

function run(command: readonly string[], folder: string): string {
  const { ok, output } = runProcess(command, folder)
  if (!ok) throw new Error(`${command.join(' ')} failed: ${output}`)
  return output
}

// How long generators take for a service of 10, 100, 1,000 and 5,000 methods: whole processes, interleaved, medians.
import { join } from 'node:path'
import { readArguments } from '../measure/arguments.js'
import { formatRatio, formatTable, formatTime, writeResults } from '../measure/report.js'
import { type Case, findMedian, measureInRounds } from '../measure/rounds.js'
import { type ProcessRun, runProcess } from '../measure/run-process.js'
import { emptyOutput, type Folders, GENERATORS, type Generator, WORK_FOLDER, writeInputs } from './generators.js'

const { rounds, sizes } = readArguments({ rounds: 5, sizes: [10, 100, 1000, 5000] })

for (const { name, missing } of GENERATORS) if (missing !== undefined) console.log(`without ${name}: ${missing}`)
const results: Record<string, Record<string, readonly ProcessRun[]>> = {}
for (const size of sizes) {
  const input = writeInputs(size)
  const generators = GENERATORS.filter(({ missing, maxMethods }) => missing === undefined && size <= maxMethods)
  const cases = generators.map((generator) => toCase(generator, input))
  // Each is run once before it is timed, so that each finds what it keeps for its next run.
  await measureInRounds(cases, 1)
  const runs = await measureInRounds(cases, rounds)
  results[size] = Object.fromEntries(runs)
  console.log(`\n${size} methods, medians of ${rounds} rounds\n${formatRuns(runs)}`)
}
console.log(`\n${formatGrowth()}\n\nevery run: ${writeResults('generate', results)}`)

function toCase({ name, prepare = emptyOutput, command }: Generator, input: string): Case<ProcessRun> {
  // A second run of netgen finds what the first one wrote.
  const output = join(WORK_FOLDER, `output-${name.replace(/, (again|cold)/, '').replace(/\W+/g, '-')}`)
  const folders: Folders = { input, output }
  return {
    name,
    prepare: () => prepare(folders),
    measure: () => {
      const run = runProcess(command(folders), WORK_FOLDER)
      if (run.ok) return run
      console.log(`${name} failed: ${run.output.slice(0, 500)}`)
      return undefined
    },
  }
}

function formatRuns(runs: ReadonlyMap<string, readonly ProcessRun[]>): string {
  const base = takeTime(runs.get('netgen, types and stubs'))
  const rows = GENERATORS.filter(({ name }) => runs.has(name)).map(({ name, writes }) => {
    const timeMs = takeTime(runs.get(name))
    const processorMs = takeProcessorTime(runs.get(name))
    const peakMb = findMedian((runs.get(name) ?? []).map((run) => run.peakMb ?? Number.NaN))
    return [
      name,
      writes,
      formatTime(timeMs),
      formatRatio(timeMs, base),
      formatTime(processorMs),
      `${peakMb.toFixed(0)} MB`,
    ]
  })
  return formatTable([['generator', 'writes', 'time', 'to netgen', 'processors', 'peak'], ...rows])
}

/** What ten or five times the methods cost, per method: 1.0 is linear. By processor time, which other work disturbs less. */
function formatGrowth(): string {
  const steps = sizes.slice(1).map((size, index) => [sizes[index] as number, size] as const)
  const names = GENERATORS.map(({ name }) => name).filter((name) => name.startsWith('netgen'))
  const rows = names.map((name) => [
    name,
    ...steps.map(([from, to]) =>
      formatRatio(takeProcessorTime(results[to]?.[name]) / to, takeProcessorTime(results[from]?.[name]) / from),
    ),
  ])
  return formatTable([['processor time per method', ...steps.map(([from, to]) => `${from} → ${to}`)], ...rows])
}

function takeTime(runs: readonly ProcessRun[] | undefined): number {
  return findMedian((runs ?? []).map(({ tookMs }) => tookMs))
}

function takeProcessorTime(runs: readonly ProcessRun[] | undefined): number {
  return findMedian((runs ?? []).map(({ processorMs }) => processorMs ?? Number.NaN))
}

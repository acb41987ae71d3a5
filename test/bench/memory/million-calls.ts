// Whether a million calls leave anything behind, at either end. Exits with 1 where they do.
import { join } from 'node:path'
import { Child } from '../measure/child.js'
import { formatMarkdown, writeResults } from '../measure/report.js'
import type { CallsAnswers } from './calls-process.js'

const CALLS = 1_000_000
/** Asked for in parts: an answer has to come within a minute. */
const PART = 100_000
const WARM_UP_PARTS = 10
const MAX_GROWTH = 1.05

const start = (processor: number): Child<CallsAnswers> =>
  new Child<CallsAnswers>(join(import.meta.dirname, 'calls-process.js'), [], processor)
const ends = { server: start(0), client: start(1) }
await ends.client.ask('connect', await ends.server.ask('startServer'))

await run(WARM_UP_PARTS)
const before = await readBoth()
await run(CALLS / PART)
const after = await readBoth()
await Promise.all([ends.server.stop(), ends.client.stop()])

const rows = (['client', 'server'] as const).map((end) => {
  const growth = after[end].residentBytes / before[end].residentBytes
  const isClean = growth <= MAX_GROWTH && after[end].leftScopes === 0 && after[end].leftListeners === 0
  if (!isClean) process.exitCode = 1
  return [
    end,
    toMb(before[end].residentBytes),
    toMb(after[end].residentBytes),
    growth.toFixed(3),
    toMb(before[end].usedBytes),
    toMb(after[end].usedBytes),
    String(after[end].leftScopes),
    String(after[end].leftListeners),
  ]
})
const heading = ['', 'resident MB before', 'after', 'ratio', 'heap MB before', 'after', 'scopes left', 'listeners left']
console.log(`${CALLS} calls after ${WARM_UP_PARTS * PART} of warm-up, Node ${process.version}\n`)
console.log(formatMarkdown([heading, ...rows]))
console.log(`\nas JSON: ${writeResults('million-calls', { before, after })}`)

async function run(parts: number): Promise<void> {
  for (let part = 0; part < parts; part++) await ends.client.ask('run', PART)
}

async function readBoth() {
  const [client, server] = await Promise.all([ends.client.ask('memory'), ends.server.ask('memory')])
  return { client, server }
}

function toMb(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1)
}

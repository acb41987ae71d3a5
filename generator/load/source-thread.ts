import { parentPort, workerData } from 'node:worker_threads'
import type { ModuleOutline } from '../source/outline.js'
import { readModule } from '../source/read-module.js'
import { readSource } from '../source/read-source.js'
import { loadTypeScript } from '../source/typescript.js'
import { openSourceCache } from './source-cache.js'
import type { SourceMessage, SourceThreadData } from './source-reader.js'

// What the thread does that reads source: it answers each list of files in turn, until it is ended.

const { cacheFolder } = workerData as SourceThreadData
const { ts, keep } = loadTypeScript(cacheFolder)
const cache = openSourceCache(cacheFolder)
const known = new Map<string, { readonly text: string; readonly outline: ModuleOutline }>()
let hasKept = false

parentPort?.on('message', (files: readonly string[]) => {
  const changed: string[] = []
  say({ is: 'read', outlines: files.map((file) => outline(file, changed)) })
  // Nobody waits for what follows.
  for (const file of changed) {
    const read = known.get(file)
    if (read) cache.write(file, read.text, read.outline)
  }
  if (hasKept) return
  hasKept = true
  // After a first file, when the compiler has made what parsing needs.
  keep()
  say({ is: 'kept' })
})

function say(message: SourceMessage): void {
  parentPort?.postMessage(message)
}

function outline(file: string, changed: string[]): ModuleOutline {
  const text = readSource(file)
  const before = known.get(file)
  if (before?.text === text) return before.outline
  const read = readModule(ts, file, text)
  known.set(file, { text, outline: read })
  changed.push(file)
  return read
}

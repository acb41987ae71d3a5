import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { ModuleOutline } from '../source/outline.js'
import { readModule } from '../source/read-module.js'
import { loadTypeScript } from '../source/typescript.js'
import type { SourceMessage, SourceThreadData } from './source-reader.js'

// What the thread does that reads source: it answers each list of files in turn, until it is ended.

const { cacheFolder } = workerData as SourceThreadData
const { ts, keep } = loadTypeScript(cacheFolder)
const known = new Map<string, { readonly text: string; readonly outline: ModuleOutline }>()
let hasKept = false

parentPort?.on('message', (files: readonly string[]) => {
  say({ is: 'read', outlines: files.map(outline) })
  if (hasKept) return
  hasKept = true
  // After a first file, when the compiler has made what parsing needs.
  keep()
  say({ is: 'kept' })
})

function say(message: SourceMessage): void {
  parentPort?.postMessage(message)
}

function outline(file: string): ModuleOutline {
  const text = readSource(file)
  const before = known.get(file)
  if (before?.text === text) return before.outline
  const read = readModule(ts, file, text)
  known.set(file, { text, outline: read })
  return read
}

function readSource(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // It was there when it was bundled: an editor is just replacing it.
    return ''
  }
}

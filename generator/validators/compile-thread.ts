import { parentPort } from 'node:worker_threads'
import { compileAll } from './compile-all.js'
import type { CheckedSchemas } from './compile-checks.js'

// What a thread does that compiles checks: it answers each batch in turn, until it is ended.
parentPort?.on('message', (batch: readonly CheckedSchemas[]) => parentPort?.postMessage(compileAll(batch)))

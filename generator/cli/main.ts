#!/usr/bin/env node
import { explainMissingPackage } from './explain-missing-package.js'

// Nothing that only building needs is imported before it is known to be there: see `explainMissingPackage`.
try {
  const { runCommandLine } = await import('./run-command-line.js')
  process.exitCode = await runCommandLine(process.argv.slice(2))
} catch (error) {
  const explanation = explainMissingPackage(error)
  if (explanation === undefined) throw error
  process.stderr.write(`${explanation}\n`)
  process.exitCode = 1
}

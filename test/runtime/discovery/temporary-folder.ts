import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** Makes a new folder before each test, and removes it afterwards. Answers with the way to its current path. */
export function useTemporaryFolder(): () => string {
  let folder = ''
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'netgen-discovery-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  return () => folder
}

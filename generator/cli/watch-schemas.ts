import { statSync } from 'node:fs'
import { extname, sep } from 'node:path'
import { createFolderWatcher } from './folder-watcher.js'

/** What to watch, and what to do about it. */
export interface WatchOptions {
  /** Schema files, absolute. */
  readonly schemas: readonly string[]
  /** Called where one of them will be built soon, and can be read already. */
  readonly begin: (schema: string) => void
  /** Called where one of them, or a file that it was read from, has changed: what was begun is worth nothing. */
  readonly discard: (schema: string) => void
  /** Builds one of them. */
  readonly build: (schema: string) => Promise<{ readonly ok: boolean; readonly inputs: readonly string[] }>
  /** Called after each round of builds with the number of files that are followed. */
  readonly onWatching: (files: number) => void
  /** Called where a build threw. The watch goes on. */
  readonly onFailure: (error: unknown) => void
  /** Ends the watch. */
  readonly signal: AbortSignal
}

/** Editors write a file in several steps; what happens within this time is one change. */
const SETTLE_MS = 30

/** Within this time, nearly all of these steps are done: reading can begin. */
const BEGIN_MS = 10

/**
 * Builds every schema, and each again whenever a file that it was read from changes, moves, vanishes or comes back. Builds one
 * after the other.
 *
 * Resolves when the signal fires, without waiting for a build under way.
 */
export function watchSchemas(options: WatchOptions): Promise<void> {
  const { schemas, begin, discard, build, onWatching, onFailure, signal } = options
  const states = new Map(schemas.map((schema) => [schema, { inputs: new Set([schema]), isFailing: true }]))
  const dirty = new Set(schemas)
  let isBuilding = false
  let timer: NodeJS.Timeout | undefined

  const watcher = createFolderWatcher((changed) => {
    for (const [schema, { inputs, isFailing }] of states) {
      if ([...inputs].some((input) => isAffected(input, changed, isFailing))) markChanged(schema)
    }
    if (dirty.size > 0) settle()
  })

  function markChanged(schema: string): void {
    dirty.add(schema)
    discard(schema)
  }

  function settle(): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      for (const schema of dirty) begin(schema)
      timer = setTimeout(() => void buildDirty(), SETTLE_MS - BEGIN_MS)
    }, BEGIN_MS)
  }

  async function buildDirty(): Promise<void> {
    if (isBuilding) return
    isBuilding = true
    for (const schema of dirty) {
      dirty.delete(schema)
      await buildOne(schema)
      if (signal.aborted) return
    }
    isBuilding = false
    onWatching(new Set([...states.values()].flatMap(({ inputs }) => [...inputs])).size)
  }

  async function buildOne(schema: string): Promise<void> {
    const startedAtMs = Date.now()
    const before = states.get(schema)?.inputs ?? new Set()
    try {
      const { ok, inputs } = await build(schema)
      // A failed build may not have come to all of its files.
      states.set(schema, { inputs: new Set([schema, ...inputs, ...(ok ? [] : before)]), isFailing: !ok })
      if (signal.aborted) return
      const added = watcher.follow([...states.values()].flatMap((state) => [...state.inputs]))
      // Nobody was looking at these when the build read them.
      if (added.some((file) => hasChangedSince(file, startedAtMs))) markChanged(schema)
    } catch (error) {
      states.set(schema, { inputs: before, isFailing: true })
      onFailure(error)
    }
  }

  return new Promise((resolve) => {
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      watcher.close()
      resolve()
    })
    watcher.follow(schemas)
    void buildDirty()
  })
}

function isAffected(input: string, changed: string, isFailing: boolean): boolean {
  if (input === changed || input.startsWith(changed + sep)) return true
  // An import that was not found may have meant a file with another ending, or one that has none where it is imported.
  return isFailing && stripEnding(input) === stripEnding(changed)
}

function stripEnding(path: string): string {
  return path.slice(0, path.length - extname(path).length)
}

function hasChangedSince(file: string, timeMs: number): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) > timeMs
}

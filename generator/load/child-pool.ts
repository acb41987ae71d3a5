import { availableParallelism } from 'node:os'
import type { Task } from './answer.js'
import { type ChildOutcome, type SchemaChild, startChild } from './child-process.js'
import { findOwnProgram, type OwnProgram } from './own-program.js'
import type { Vocabulary } from './vocabulary.js'

/** Runs schema files, each in a process of its own, only so many at once. */
export interface ChildPool {
  /**
   * Starts the next process now: it takes 50 ms to start and up to 100 ms to load the vocabulary, which it then does beside
   * whatever is done before the next `run`.
   *
   * @param known What will probably be known of the exports of the next task. Present: there is time enough to hear it, and to run
   * what that task will need.
   */
  prepare(known?: ReadonlyMap<string, string>): void
  /**
   * Runs a task as soon as there is room. Its time limit begins then.
   *
   * @param known What is known of its exports: texts by name. Default: nothing.
   */
  run(task: Task, timeoutMs: number, known?: ReadonlyMap<string, string>): Promise<ChildOutcome>
  /** Ends every process. Nothing can be run any more. */
  close(): void
}

/** More at once than there are processors take longer, and as many schema files as a project has would take its memory. */
const DEFAULT_MAX_CHILDREN = Math.max(2, availableParallelism())

/**
 * Creates a pool without a process.
 *
 * @param vocabulary What processes load ahead: nearly every schema file imports it, and where one does not, nothing is lost but
 * idle time.
 * @param maxChildren How many may run at once. Default: one for each processor, at least 2.
 */
export function createChildPool(
  vocabulary: Pick<Vocabulary, 'url'>,
  maxChildren: number = DEFAULT_MAX_CHILDREN,
): ChildPool {
  const children = new Set<SchemaChild>()
  const waiting: (() => void)[] = []
  let program: OwnProgram | undefined
  let spare: { readonly child: SchemaChild; readonly known: ReadonlyMap<string, string> | undefined } | undefined
  let running = 0

  function start(warmsUp = false): SchemaChild {
    program ??= findOwnProgram('load/child/main')
    const child = startChild(program, vocabulary.url, warmsUp)
    children.add(child)
    return child
  }

  async function run(
    task: Task,
    timeoutMs: number,
    known: ReadonlyMap<string, string> = NOTHING,
  ): Promise<ChildOutcome> {
    if (running >= maxChildren) await new Promise<void>((resolve) => waiting.push(resolve))
    else running++
    // Whatever ended one that was waiting, the schema did not.
    const taken = spare?.child.isAlive ? spare : { child: start(), known: undefined }
    const { child } = taken
    spare = undefined
    try {
      return await child.run(task, timeoutMs, taken.known === known ? undefined : known)
    } finally {
      children.delete(child)
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }

  return {
    prepare: (known) => {
      if (spare) return
      const child = start(known !== undefined)
      if (known) child.tell(known)
      spare = { child, known }
    },
    run,
    close: () => {
      for (const child of children) child.end()
    },
  }
}

const NOTHING: ReadonlyMap<string, string> = new Map()

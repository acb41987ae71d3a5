import { createOutlineMemory, type OutlineMemory } from '../source/outline-memory.js'
import { type ChildPool, createChildPool } from './child-pool.js'
import { createSourceReader, type SourceReader } from './source-reader.js'
import { createExportMemory, type ExportMemory } from './unpack-exports.js'
import { openVocabulary, type Vocabulary } from './vocabulary.js'

/** The processes and the thread that schema files are loaded with. */
export interface LoadWorkers {
  readonly children: ChildPool
  readonly sources: SourceReader
  readonly vocabulary: Vocabulary
  /** What is known of a schema file since it was last loaded. */
  remember(file: string): LoadMemory
  /** Starts what the next schema file will be run and read with, while nobody waits for it: probably the same file. */
  prepare(file: string): void
  /** Ends them. Nothing can be loaded with them any more. */
  close(): Promise<void>
}

/** What was last loaded of a schema file. */
export interface LoadMemory {
  readonly exports: ExportMemory
  readonly outlines: OutlineMemory
}

/**
 * Starts what schema files are loaded with: it takes longer to start than most files to load.
 *
 * @param cacheFolder Where is kept what makes it start faster the next time. Default: nowhere.
 */
export function startLoadWorkers(cacheFolder?: string): LoadWorkers {
  const vocabulary = openVocabulary(cacheFolder)
  const children = createChildPool(vocabulary)
  children.prepare()
  const sources = createSourceReader(cacheFolder)
  const memories = new Map<string, LoadMemory>()
  const remember = (file: string): LoadMemory => {
    const memory = memories.get(file) ?? { exports: createExportMemory(), outlines: createOutlineMemory() }
    memories.set(file, memory)
    return memory
  }
  return {
    children,
    sources,
    vocabulary,
    remember,
    prepare: (file) => {
      children.prepare(remember(file).exports.texts)
      sources.prepare()
    },
    close: async () => {
      children.close()
      await Promise.all([sources.close(), vocabulary.keep()])
    },
  }
}

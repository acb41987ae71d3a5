import { type ChildPool, createChildPool } from './child-pool.js'
import { createSourceReader, type SourceReader } from './source-reader.js'
import { openVocabulary, type Vocabulary } from './vocabulary.js'

/** The processes and the thread that schema files are loaded with. */
export interface LoadWorkers {
  readonly children: ChildPool
  readonly sources: SourceReader
  readonly vocabulary: Vocabulary
  /** Ends them. Nothing can be loaded with them any more. */
  close(): Promise<void>
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
  return {
    children,
    sources,
    vocabulary,
    close: async () => {
      children.close()
      await Promise.all([sources.close(), vocabulary.keep()])
    },
  }
}

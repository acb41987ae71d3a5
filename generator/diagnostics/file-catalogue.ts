import type { CatalogueEntry } from './catalogue-entry.js'

/** A code of the NG5 family: output files. */
export type FileCode = 'NG5001' | 'NG5002' | 'NG5003' | 'NG5004'

/** What can be wrong with output files. */
export const FILE_CATALOGUE: Readonly<Record<FileCode, CatalogueEntry>> = Object.freeze({
  NG5001: {
    severity: 'error',
    title: 'foreign file in the way',
    explanation:
      'netgen writes only over files that begin with its own header, so that nothing written by hand is ever lost.',
  },
  NG5002: {
    severity: 'error',
    title: 'output through a link',
    explanation: 'netgen writes only below the output folder, and a link could lead out of it.',
  },
  NG5003: {
    severity: 'error',
    title: 'output cannot be written',
    explanation: 'The file system refused to read, write or remove a file of the output.',
  },
  NG5004: {
    severity: 'error',
    title: 'two schemas, one output',
    explanation: 'Two schemas of one build would write the same files.',
  },
})

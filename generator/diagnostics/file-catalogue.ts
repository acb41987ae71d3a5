/** NG5: output files. */
export const FILE_CATALOGUE = {
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
} as const

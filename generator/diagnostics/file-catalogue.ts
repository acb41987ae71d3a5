/** NG5: output files. */
export const FILE_CATALOGUE = {
  NG5001: {
    severity: 'error',
    title: 'foreign file in the way',
    explanation:
      'netgen writes only over files that begin with its own header, so that nothing written by hand is ever lost.',
    wrong: 'generated/schema.ts written by hand, and then `netgen build schema.ts`',
    right: 'netgen build schema.ts --out lib',
  },
  NG5002: {
    severity: 'error',
    title: 'output through a link',
    explanation: 'netgen writes only below the output folder, and a link could lead out of it.',
    wrong: 'generated/ as a symbolic link, and then `netgen build schema.ts`',
    right: 'netgen build schema.ts --out lib',
  },
  NG5003: {
    severity: 'error',
    title: 'output cannot be written',
    explanation: 'The file system refused to read, write or remove a file of the output.',
    wrong: 'generated as a file, and then `netgen build schema.ts`',
    right: 'netgen build schema.ts --out lib',
  },
  NG5004: {
    severity: 'error',
    title: 'two schemas, one output',
    explanation: 'Two schemas of one build would write the same files.',
    wrong: 'netgen build a/notes.ts b/notes.ts --out lib',
    right: 'netgen build a/notes.ts b/letters.ts --out lib',
  },
  NG5005: {
    severity: 'warning',
    title: 'tsconfig that cannot be read',
    explanation:
      'Whether TypeScript or JavaScript is written, and how imports end, follows the tsconfig.json that governs the output folder. This one, or one that it extends, is not there or not valid.',
    wrong: '{ "extends": "./tsconfig.bsae.json" }',
    right: '{ "extends": "./tsconfig.base.json" }',
  },
} as const

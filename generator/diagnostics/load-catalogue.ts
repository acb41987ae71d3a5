/** NG1: the schema file and how it runs. */
export const LOAD_CATALOGUE = {
  NG1001: {
    severity: 'error',
    title: 'syntax error',
    explanation: 'The schema file, or a file that it imports, is not valid TypeScript. Nothing was generated.',
    wrong: 'export const add = connection({ output: Type.Number() )',
    right: 'export const add = connection({ output: Type.Number() })',
  },
  NG1002: {
    severity: 'error',
    title: 'import not found',
    explanation:
      'The schema file, or a file that it imports, imports something that cannot be found from there. Packages are looked up as Node does it, path aliases as the nearest tsconfig.json says.',
    wrong: `import { Note } from './nots.js'
export const save = connection({ input: Note })`,
    right: `import { Note } from './notes.js'
export const save = connection({ input: Note })`,
  },
  NG1003: {
    severity: 'error',
    title: 'no schema file',
    explanation: 'There is no TypeScript or JavaScript file at the given path, or it cannot be read.',
    wrong: 'netgen build shcema.ts',
    right: 'netgen build schema.ts',
  },
  NG1004: {
    severity: 'error',
    title: 'schema file throws',
    explanation:
      'To know its schemas, netgen runs the schema file once, in a process of its own. It threw an error before it came to its end.',
    wrong: `const limit = JSON.parse('{ limit: 5 }').limit
export const save = connection({ input: Type.String({ maxLength: limit }) })`,
    right: `const limit = 5
export const save = connection({ input: Type.String({ maxLength: limit }) })`,
  },
  NG1005: {
    severity: 'error',
    title: 'schema file takes too long',
    explanation:
      'The schema file did not come to its end within the time limit, and its process was ended. A schema file should only declare: no loop without an end, no waiting for a network.',
    wrong: `while (Date.now() > 0);
export const save = connection({ input: Type.String() })`,
    right: 'export const save = connection({ input: Type.String() })',
  },
  NG1006: {
    severity: 'error',
    title: 'schema file waits for ever',
    explanation:
      'A top-level `await` of the schema file, or of a file that it imports, waits for something that never comes.',
    wrong: `await new Promise(() => {})
export const save = connection({ input: Type.String() })`,
    right: 'export const save = connection({ input: Type.String() })',
  },
  NG1007: {
    severity: 'error',
    title: 'schema file ends its process',
    explanation:
      'The process that ran the schema file ended before the file did: by `process.exit`, by a signal or by a crash.',
    wrong: `if (!process.env.NOTES_HOST) process.exit(1)
export const save = connection({ input: Type.String() })`,
    right: 'export const save = connection({ input: Type.String() })',
  },
  NG1008: {
    severity: 'error',
    title: 'schema file exports nothing',
    explanation:
      'netgen generates from what a schema file exports as values. Types alone leave nothing behind when the file runs.',
    wrong: 'export interface Note { id: string }',
    right: `export const Note = Type.Object({ id: Type.String() })
export const save = connection({ input: Note })`,
  },
  NG1009: {
    severity: 'error',
    title: 'no such export',
    explanation: 'A name is imported that the other module does not export, or not as a value.',
    wrong: `import { conection } from 'netgen/schema'
export const save = conection({ input: Type.String() })`,
    right: 'export const save = connection({ input: Type.String() })',
  },
  NG1010: {
    severity: 'error',
    title: 'nested too deeply',
    explanation:
      'A schema is nested deeper than any that a person writes: most likely it was made by a function that calls itself. Recursive types are written with `Type.Cyclic` or `Type.Module`.',
    wrong: `const nest = (depth) => depth === 0 ? Type.Null() : Type.Array(nest(depth - 1))
export const save = connection({ input: nest(5_000) })`,
    right: `export const Nested = Type.Cyclic({ Nested: Type.Array(Type.Ref('Nested')) }, 'Nested')
export const save = connection({ input: Nested })`,
  },
} as const

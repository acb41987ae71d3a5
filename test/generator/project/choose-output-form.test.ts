import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { chooseOutputForm, type OutputForm } from '../../../generator/project/choose-output-form.js'
import { createFolder } from '../temporary-folder.js'

const TS: OutputForm = { language: 'ts', importEnding: '.js' }
const TS_WITH_TS: OutputForm = { language: 'ts', importEnding: '.ts' }
const JS: OutputForm = { language: 'js', importEnding: '.js' }

const NO_EMIT = '{ "compilerOptions": { "noEmit": true } }'
const EMIT = '{ "compilerOptions": { "outDir": "dist" } }'
const SOLUTION = '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }, { "path": "./tool" }] }'

/** Files of a project whose output folder is src/generated, what is asked for, and the form that it gets. */
const CASES: [string, Record<string, string>, Partial<OutputForm>, OutputForm][] = [
  ['no tsconfig at all', {}, {}, TS],
  ['a tsconfig by which tsc writes', { 'tsconfig.json': EMIT }, {}, TS],
  ['a tsconfig by which tsc only checks', { 'tsconfig.json': NO_EMIT }, {}, JS],
  [
    'comments and trailing commas',
    { 'tsconfig.json': '{ // a\n "compilerOptions": { /* b */ "noEmit": true, }, }' },
    {},
    JS,
  ],
  [
    'one that is extended, by a path and by a package',
    {
      'tsconfig.json': '{ "extends": ["./base", "@tools/tsconfig/strict.json"] }',
      'base.json': '{ "compilerOptions": { "rewriteRelativeImportExtensions": true } }',
      'node_modules/@tools/tsconfig/strict.json': '{ "compilerOptions": { "strict": true } }',
    },
    {},
    TS_WITH_TS,
  ],
  [
    'one that is extended and overruled',
    { 'tsconfig.json': '{ "extends": "./base.json", "compilerOptions": { "noEmit": false } }', 'base.json': NO_EMIT },
    {},
    TS,
  ],
  ['the nearest of several', { 'tsconfig.json': EMIT, 'src/tsconfig.json': NO_EMIT }, {}, JS],
  [
    'a tsconfig beside it, by which tsc writes',
    {
      'tsconfig.json': NO_EMIT,
      'tsconfig.build.json': '{ "extends": "./tsconfig.json", "compilerOptions": { "noEmit": false } }',
    },
    {},
    TS,
  ],
  [
    'a tsconfig beside it, by which tsc only checks',
    { 'tsconfig.json': NO_EMIT, 'tsconfig.test.json': NO_EMIT },
    {},
    JS,
  ],
  [
    'a solution whose projects are only checked',
    { 'tsconfig.json': SOLUTION, 'tsconfig.app.json': NO_EMIT, 'tool/tsconfig.json': EMIT },
    {},
    JS,
  ],
  ['a solution whose project is written', { 'tsconfig.json': SOLUTION, 'tsconfig.app.json': EMIT }, {}, TS],
  [
    'endings of .ts, in files that run as they are',
    { 'tsconfig.json': '{ "compilerOptions": { "allowImportingTsExtensions": true, "noEmit": true } }' },
    { language: 'ts' },
    TS_WITH_TS,
  ],
  ['TypeScript asked for', { 'tsconfig.json': NO_EMIT }, { language: 'ts' }, TS],
  ['JavaScript asked for', { 'tsconfig.json': EMIT }, { language: 'js' }, JS],
  [
    'an ending asked for, which only TypeScript has',
    { 'tsconfig.json': NO_EMIT },
    { importEnding: '' },
    { language: 'ts', importEnding: '' },
  ],
]

describe('the form of the output', () => {
  test.each(CASES)('follows %s', (_, files, asked, want) => {
    const folder = createFolder(files)
    const { form, diagnostics } = chooseOutputForm(join(folder, 'src/generated'), asked)
    expect([form, diagnostics]).toEqual([want, []])
  })

  test('names every tsconfig that it was chosen by, so that a watch follows them', () => {
    const folder = createFolder({
      'tsconfig.json': SOLUTION,
      'tsconfig.app.json': NO_EMIT,
      'tsconfig.test.json': NO_EMIT,
    })
    expect(chooseOutputForm(folder, {}).inputs).toEqual(
      ['tsconfig.json', 'tsconfig.app.json', 'tsconfig.test.json'].map((name) => join(folder, name)),
    )
  })

  test('is TypeScript, with a warning, where a tsconfig extends what is not there', () => {
    const folder = createFolder({
      'tsconfig.json': '{ "extends": "./base.json", "compilerOptions": { "noEmit": true } }',
    })
    const { form, diagnostics } = chooseOutputForm(folder, {})
    expect(form).toEqual(TS)
    expect(diagnostics).toEqual([
      {
        code: 'NG5005',
        severity: 'warning',
        message: expect.stringMatching(/^tsconfig cannot be read, and the form of the output is chosen without it: ./),
        remedy: 'correct it, or choose by --language',
        place: { file: join(folder, 'tsconfig.json') },
      },
    ])
  })
})

import { describe, expect, it } from 'vitest'
import { explainMissingPackage } from '../../../generator/cli/explain-missing-package.js'

const explain = (name: string): string =>
  `netgen: the package ${JSON.stringify(name)} is not installed, which only building needs: run \`npm install --include=optional\`, or build where it is installed and ship the generated files`

describe('an error of a missing package', () => {
  it.each([
    ["Cannot find package 'yargs' imported from /x/parse-command-line.js", explain('yargs')],
    ["Cannot find module 'ajv/dist/2020.js' imported from /x/compile.js", explain('ajv/dist/2020.js')],
    [
      'The package "@esbuild/linux-x64" could not be found, and is needed by esbuild.\n\nIf you are …',
      explain('@esbuild/linux-x64'),
    ],
    ["Cannot find module '@ts-morph/common'\nRequire stack:\n- /x/ts-morph.js", explain('@ts-morph/common')],
    ["Cannot find package 'left-pad' imported from /x/a.js", undefined],
    ['something else', undefined],
  ])('%j', (message, want) => {
    expect(explainMissingPackage(new Error(message))).toBe(want)
  })

  it('is nothing that is no error', () => {
    expect(explainMissingPackage("Cannot find package 'yargs'")).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { runExplain } from '../../../generator/cli/run-explain.js'
import { CATALOGUE } from '../../../generator/diagnostics/catalogue.js'
import { type CollectingTerminal, collectTerminal } from './collect-terminal.js'

function explain(code?: string): { exitCode: number; terminal: CollectingTerminal } {
  const terminal = collectTerminal('/')
  return { exitCode: runExplain({ is: 'explain', ...(code !== undefined && { code }) }, terminal), terminal }
}

describe('netgen explain', () => {
  it.each([['NG3009'], ['ng3009'], ['3009']])('explains %s: cause, example, remedy', (code) => {
    const { exitCode, terminal } = explain(code)
    expect([exitCode, terminal.messages]).toEqual([0, []])
    expect(terminal.data).toEqual([
      `error NG3009: unknown format

A format that the check does not know would be ignored.

Wrong

  export const save = connection({ input: Type.String({ format: 'e-mail' }) })

Right

  export const save = connection({ input: Type.String({ format: 'email' }) })`,
    ])
  })

  it.each([
    ['NG3909', ': did you mean NG3009, unknown format?'],
    ['NG309', ': did you mean NG3009, unknown format?'],
    ['nonsense', ''],
    ['toString', ''],
    ['', ''],
  ])('knows no %j, and names the nearest code', (code, hint) => {
    const { exitCode, terminal } = explain(code)
    expect([exitCode, terminal.data]).toEqual([2, []])
    expect(terminal.messages).toEqual([
      `netgen: there is no code ${JSON.stringify(code)}${hint}\n\`netgen explain\` lists them all.`,
    ])
  })

  it('lists all codes in their order where none is given', () => {
    const { exitCode, terminal } = explain()
    expect([exitCode, terminal.messages]).toEqual([0, []])
    expect(terminal.data).toEqual(
      Object.entries(CATALOGUE)
        .map(([code, { title }]) => `${code}  ${title}`)
        .sort(),
    )
    expect(terminal.data[0]).toBe('NG1001  syntax error')
  })
})

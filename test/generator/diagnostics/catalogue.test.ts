import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { build } from '../../../generator/build.js'
import type { BuildOptions } from '../../../generator/build-result.js'
import { CATALOGUE, type DiagnosticCode } from '../../../generator/diagnostics/catalogue.js'
import { createFolder, createProject, PACKAGE_FOLDER, writeFile } from '../temporary-folder.js'

const HEAD = "import { connection, Type } from 'netgen/schema'\n"
const NOTES = `${HEAD}export const Note = Type.String()\n`
const VALID = `${HEAD}export const ping = connection({})\n`

/** Codes whose example is a command: what to build to see them. The other examples are schema files. */
const CIRCUMSTANCES: Readonly<Partial<Record<DiagnosticCode, (folder: string) => Partial<BuildOptions>>>> = {
  NG1003: () => ({ schemas: ['shcema.ts'] }),
  NG4005: (folder) => {
    writeFile(folder, '1st.ts', VALID)
    return { schemas: ['1st.ts'] }
  },
  NG5001: (folder) => {
    writeFile(folder, 'generated/schema.ts', '// by hand\n')
    return {}
  },
  NG5002: (folder) => {
    symlinkSync(createFolder(), join(folder, 'generated'))
    return {}
  },
  NG5003: (folder) => {
    writeFile(folder, 'generated', '')
    return {}
  },
  NG5005: (folder) => {
    writeFile(folder, 'tsconfig.json', CATALOGUE.NG5005.wrong)
    return {}
  },
  NG5004: (folder) => {
    mkdirSync(join(folder, 'a'))
    writeFile(folder, 'a/schema.ts', VALID.replace('ping', 'pong'))
    return { schemas: ['schema.ts', 'a/schema.ts'], out: 'lib' }
  },
}

/** No schema is known that leads there: everything before it refuses what could not be compiled. */
const UNREACHED: readonly string[] = ['NG3017']

const CODES = Object.keys(CATALOGUE) as readonly DiagnosticCode[]
const BY_SCHEMA = CODES.filter((code) => !UNREACHED.includes(code) && CIRCUMSTANCES[code] === undefined)
const LEVELS = [...new Set(BY_SCHEMA.map((code) => code.slice(0, 3)))]

/** As many builds at once as keep two cores busy. */
const AT_ONCE = 4

async function mapInTurn<Item>(items: readonly Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const rest = [...items]
  const work = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await act(item)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
}

async function findCodes(folder: string, options: Partial<BuildOptions>): Promise<readonly string[]> {
  const { diagnostics } = await build({ schemas: ['schema.ts'], cwd: folder, loadTimeoutMs: 30_000, ...options })
  return diagnostics.map(({ code }) => code)
}

describe('the catalogue', () => {
  test.each(LEVELS)(
    'has for each code of %s an example that gets it alone, and is nothing but right when put right',
    async (level) => {
      const codes = BY_SCHEMA.filter((code) => code.startsWith(level))
      const folder = createProject()
      symlinkSync(join(PACKAGE_FOLDER, 'node_modules/@sinclair'), join(folder, 'node_modules/@sinclair'))
      const found = new Map<DiagnosticCode, readonly [wrong: readonly string[], right: readonly string[]]>()
      await mapInTurn(codes, async (code) => {
        const { wrong, right } = CATALOGUE[code]
        const [before, after] = [join(folder, code, 'wrong'), join(folder, code, 'right')]
        for (const [place, text] of [
          [before, wrong],
          [after, right],
        ] as const) {
          writeFile(place, 'schema.ts', HEAD + text)
          writeFile(place, 'notes.ts', NOTES)
        }
        found.set(code, [
          [...new Set(await findCodes(before, code === 'NG1005' ? { loadTimeoutMs: 2_000 } : {}))],
          await findCodes(after, {}),
        ])
      })
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(codes.map((code) => [code, [[code], []]])))
    },
  )

  test.each(Object.entries(CIRCUMSTANCES))('%s is what its command gets', async (code, arrange) => {
    const folder = createProject({ 'schema.ts': VALID })
    expect(await findCodes(folder, arrange(folder))).toEqual([code])
  })

  test('has a fixture with the exact text of every code, or a test where a fixture cannot be', () => {
    const shown = readTexts('fixtures/invalid', '.txt') + readTexts('test/generator', '.test.ts')
    expect(CODES.filter((code) => !shown.includes(code) && !UNREACHED.includes(code))).toEqual([])
  })

  test('says what it says as the others do', () => {
    for (const [code, { title, explanation }] of Object.entries(CATALOGUE)) {
      expect(code).toMatch(/^NG[1-5]\d{3}$/)
      expect(title, code).toMatch(/^(?!.*\.$).{1,60}$/)
      expect(explanation, code).toMatch(/^.+\.$/)
    }
  })
})

function readTexts(folder: string, ending: string): string {
  const root = join(PACKAGE_FOLDER, folder)
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' })
  const others = names.filter((name) => name.endsWith(ending) && !name.includes('catalogue'))
  return others.map((name) => readFileSync(join(root, name), 'utf8')).join('\n')
}

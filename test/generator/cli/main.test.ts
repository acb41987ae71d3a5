import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { runCommand } from '../../e2e/run-command.js'
import { createFolder, createProject, PACKAGE_FOLDER, writeFile } from '../temporary-folder.js'

const MAIN = join(PACKAGE_FOLDER, 'dist/generator/cli/main.js')

const SCHEMA = `import { connection, Type } from 'netgen/schema'
export const ping = connection({ output: Type.String() })
`

function netgen(cwd: string, ...args: string[]): ReturnType<typeof runCommand> {
  return runCommand(process.execPath, [MAIN, ...args], { cwd, env: { NO_COLOR: '' } })
}

describe('the command netgen', () => {
  it('tells its version, which is that of its package', async () => {
    const { version } = JSON.parse(readFileSync(join(PACKAGE_FOLDER, 'package.json'), 'utf8'))
    expect(await netgen(createFolder(), '--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' })
  })

  it('exits with 2 where it is misused, and prints nothing to standard output', async () => {
    const stderr = 'netgen: unknown option "--wach": did you mean "--watch"?\nSee `netgen --help`.\n'
    expect(await netgen(createFolder(), 'build', '--wach')).toEqual({ code: 2, stdout: '', stderr })
  })

  it('builds, then has nothing to do, then finds what is out of date', async () => {
    const folder = createProject({ 'schema.ts': SCHEMA })
    const first = await netgen(folder, 'build')
    expect(first).toMatchObject({ code: 0, stdout: 'created generated/schema.ts\ncreated generated/schema/ping.ts\n' })
    expect(await netgen(folder, 'build', '--check')).toMatchObject({ code: 0, stdout: '' })
    writeFile(folder, 'schema.ts', SCHEMA.replace('String', 'Number'))
    expect(await netgen(folder, 'build', '--check')).toMatchObject({
      code: 1,
      stdout: 'stale generated/schema.ts\nstale generated/schema/ping.ts\n',
      stderr: expect.stringContaining('the output is not up to date: run `netgen build`\n'),
    })
  })

  it('leaves the output as it was where the schema is wrong, and uses no colours for a pipe', async () => {
    const folder = createProject({ 'schema.ts': SCHEMA })
    await netgen(folder, 'build')
    const before = readFileSync(join(folder, 'generated/schema.ts'), 'utf8')
    writeFile(folder, 'schema.ts', `${SCHEMA}export const late = connection({`)
    const { code, stdout, stderr } = await netgen(folder, 'build')
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(
      /^schema\.ts:3:33 error NG1001: expected identifier but found end of file\n {2}1 \| .*\n {2}2 \| .*\n> 3 \| export const late = connection\(\{\n {4}\| {33}\^\n {2}correct the syntax and build again\n\nnetgen: 1 error, nothing written \(\d+ ms\)\n$/,
    )
    expect(readFileSync(join(folder, 'generated/schema.ts'), 'utf8')).toBe(before)
  })

  it('keeps standard output for its one JSON document, whatever a schema prints', async () => {
    const folder = createProject({ 'schema.ts': `${SCHEMA}console.log('printed by the schema')\n` })
    const { code, stdout, stderr } = await netgen(folder, 'build', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      ok: true,
      diagnostics: [],
      files: ['generated/schema.ts', 'generated/schema/ping.ts'].map((path) => ({
        path: join(folder, path),
        change: 'created',
      })),
    })
    expect(stderr).toBe('printed by the schema\n')
  })

  it('reports the mistakes of all connections and all schemas at once, each with its place', async () => {
    const head = "import { connection, Type } from 'netgen/schema'\n"
    const folder = createProject({
      'a.ts': `${head}export const one = connection({ inputs: Type.String() })\nexport const two = connection({ tag: '' })\n`,
      'b.ts': 'export const three = connection({',
      'c.ts': `${head}export const fine = connection({})\n`,
    })
    const { code, stdout } = await netgen(folder, 'build', 'a.ts', 'b.ts', 'c.ts', '--json')
    const { ok, diagnostics, files } = JSON.parse(stdout)
    expect([code, ok, files]).toEqual([1, false, []])
    expect(diagnostics.map((found: object) => ({ ...found, message: '', remedy: '' }))).toEqual(
      [
        { code: 'NG2002', file: 'a.ts', line: 2, column: 33 },
        { code: 'NG2005', file: 'a.ts', line: 3, column: 33 },
        { code: 'NG1001', file: 'b.ts', line: 1, column: 34 },
      ].map((place) => ({ ...place, severity: 'error', message: '', remedy: '', file: join(folder, place.file) })),
    )
  })

  it('explains a code', async () => {
    const { code, stdout, stderr } = await netgen(createFolder(), 'explain', 'NG3009')
    expect([code, stdout.split('\n')[0], stderr]).toEqual([0, 'error NG3009: unknown format', ''])
  })

  it.each<[readonly string[], number]>([
    [['explain'], 0],
    [['build', '--check'], 1],
    [['build', '--wach'], 2],
  ])('keeps silent where nobody reads what it prints, and ends as it would: %j', async (args, code) => {
    const folder = createProject({ 'schema.ts': SCHEMA })
    const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder })
    onTestFinished(() => void child.kill('SIGKILL'))
    const exited = once(child, 'exit')
    child.stdout.destroy()
    const read: string[] = []
    child.stderr.setEncoding('utf8').on('data', (text: string) => read.push(text))
    expect(await exited).toEqual([code, null])
    expect(read.join('')).not.toMatch(/EPIPE|node:/)
  })

  it('ends as it would where nobody reads its messages', async () => {
    const child = spawn(process.execPath, [MAIN, 'build'], { cwd: createFolder() })
    onTestFinished(() => void child.kill('SIGKILL'))
    const exited = once(child, 'exit')
    child.stderr.destroy()
    expect(await exited).toEqual([2, null])
  })

  it.each([
    ['--help', 'yargs'],
    ['build', 'esbuild'],
    ['init', 'yargs'],
  ])('says what to install where the packages for building are not: %s needs %s', async (arg, missing) => {
    const folder = createFolder({
      'schema.ts': SCHEMA,
      'netgen/package.json': '{ "name": "netgen", "type": "module" }',
    })
    cpSync(join(PACKAGE_FOLDER, 'dist'), join(folder, 'netgen/dist'), { recursive: true })
    const main = join(folder, 'netgen/dist/generator/cli/main.js')
    expect(await runCommand(process.execPath, [main, arg], { cwd: folder })).toEqual({
      code: 1,
      stdout: '',
      stderr: `netgen: the package "${missing}" is not installed, which only building needs: run \`npm install --include=optional\`, or build where it is installed and ship the generated files\n`,
    })
  })

  it('watches: builds again after each change, survives errors, and ends with 0 when it is interrupted', async () => {
    const folder = createProject({ 'schema.ts': SCHEMA })
    const child = spawn(process.execPath, [MAIN, 'build', '--watch'], { cwd: folder })
    onTestFinished(() => void child.kill('SIGKILL'))
    let messages = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      messages += text
    })
    const exited = once(child, 'exit')
    const waitFor = (pattern: RegExp): Promise<void> => vi.waitFor(() => expect(messages).toMatch(pattern), 10_000)

    await waitFor(/^schema\.ts: 2 files, 2 created \(\d+ ms\)\nwatching 1 file, Ctrl\+C ends\n$/)
    messages = ''
    writeFile(folder, 'schema.ts', `${SCHEMA}for (;;`)
    await waitFor(/^schema\.ts:3:8 error NG1001: .*schema\.ts: 1 error, nothing written \(\d+ ms\)\nwatching 1 file/s)
    messages = ''
    writeFile(folder, 'schema.ts', SCHEMA.replace('ping', 'pong'))
    await waitFor(/^schema\.ts: 3 files, 1 created, 1 updated, 1 removed \(\d+ ms\)\nwatching 1 file/)
    expect(existsSync(join(folder, 'generated/schema/pong.ts'))).toBe(true)

    child.kill('SIGINT')
    expect(await exited).toEqual([0, null])
  })

  it('ends at once when it is interrupted while a schema hangs', async () => {
    const folder = createProject({ 'schema.ts': `console.error('looping')\nfor (;;);` })
    const child = spawn(process.execPath, [MAIN, 'build', '--watch'], { cwd: folder })
    onTestFinished(() => void child.kill('SIGKILL'))
    const exited = once(child, 'exit')
    await once(child.stderr, 'data')
    child.kill('SIGINT')
    expect(await exited).toEqual([0, null])
  })
})

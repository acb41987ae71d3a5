import { describe, expect, it } from 'vitest'
import { parseCommandLine } from '../../../generator/cli/parse-command-line.js'
import { parsePlainBuild } from '../../../generator/cli/parse-plain-build.js'

const BUILD = { is: 'build', schemas: [], check: false, watch: false, json: false }

describe('a command line', () => {
  it.each([
    ['build', BUILD],
    ['build a.ts b.ts', { ...BUILD, schemas: ['a.ts', 'b.ts'] }],
    ['build a.ts --out lib', { ...BUILD, schemas: ['a.ts'], out: 'lib' }],
    ['build --out=lib a.ts', { ...BUILD, schemas: ['a.ts'], out: 'lib' }],
    ['build --check --json', { ...BUILD, check: true, json: true }],
    ['build --out a --check --out b --check', { ...BUILD, out: 'b', check: true }],
    ['build --language js', { ...BUILD, language: 'js' }],
    ['build --import-ending ts --import-ending=none', { ...BUILD, importEnding: 'none' }],
    ['build --watch', { ...BUILD, watch: true }],
    ['build a.ts --watch b.ts', { ...BUILD, schemas: ['a.ts', 'b.ts'], watch: true }],
    ['build 007', { ...BUILD, schemas: ['007'] }],
    ['init', { is: 'init', folder: '.' }],
    ['init first', { is: 'init', folder: 'first' }],
    ['explain NG1001', { is: 'explain', code: 'NG1001' }],
    ['explain 1001', { is: 'explain', code: '1001' }],
    ['explain', { is: 'explain' }],
    ['token 127.0.0.1:3010', { is: 'token', address: '127.0.0.1:3010' }],
    ['doctor', { is: 'doctor', permissions: false, durable: false, json: false }],
    [
      'doctor nats://localhost:4222 --group notes --monitoring http://localhost:8222 --json',
      {
        is: 'doctor',
        engine: 'nats://localhost:4222',
        group: 'notes',
        monitoring: 'http://localhost:8222',
        permissions: false,
        durable: false,
        json: true,
      },
    ],
    [
      'doctor --permissions --durable --group a --group b',
      { is: 'doctor', group: 'b', permissions: true, durable: true, json: false },
    ],
    ['--version', { is: 'print', text: '1.2.3' }],
    ['build --version', { is: 'print', text: '1.2.3' }],
  ])('netgen %s', async (line, want) => {
    expect(await parseCommandLine(line.split(' '), '1.2.3')).toEqual(want)
  })

  it.each([
    'build',
    'build a.ts b.ts',
    'build a.ts --out lib --check',
    'build --out=lib a.ts --json',
    'build --out a --check --out b --check',
    'build --language js --import-ending=none',
    'build 007 --watch b.ts',
    'build --out ./a.b/c\\d',
  ])('netgen %s means the same with and without yargs', async (line) => {
    const args = line.split(' ')
    const plain = parsePlainBuild(args)
    expect(plain).toBeDefined()
    // A value of a flag is too much for the plain reader.
    expect(await parseCommandLine([...args, '--json=false', ...(plain?.json ? ['--json'] : [])], '1.2.3')).toEqual(
      plain,
    )
  })

  it.each([
    ['', 'no command was given'],
    ['biuld', 'unknown command "biuld": did you mean "build"?'],
    ['deploy', 'unknown command "deploy"'],
    ['build --wach', 'unknown option "--wach": did you mean "--watch"?'],
    ['build a.ts --jsn=1', 'unknown option "--jsn": did you mean "--json"?'],
    ['build -w', 'unknown option "-w"'],
    ['init --check', 'unknown option "--check"'],
    ['--verison', 'unknown option "--verison": did you mean "--version"?'],
    ['init a b', 'unexpected argument "b"'],
    ['explain a b', 'unexpected argument "b"'],
    ['token', 'token needs the address of a peer, such as 127.0.0.1:3010'],
    ['token a b', 'unexpected argument "b"'],
    ['doctor a b', 'unexpected argument "b"'],
    ['doctor --grup a', 'unknown option "--grup": did you mean "--group"?'],
    ['doctor --group', 'option "--group" needs a value'],
    ['explian', 'unknown command "explian": did you mean "explain"?'],
    ['build --out', 'option "--out" needs a value'],
    ['build --language', 'option "--language" needs a value'],
    ['build --language go', 'option "--language" is "go", expected one of ts, js'],
    ['build --import-ending .js', 'option "--import-ending" is ".js", expected one of js, ts, none'],
    ['build --import-endings js', 'unknown option "--import-endings": did you mean "--import-ending"?'],
  ])('netgen %s is misuse', async (line, message) => {
    const args = line.split(' ').filter((word) => word !== '')
    expect(await parseCommandLine(args, '1.2.3')).toEqual({ is: 'misuse', message })
  })

  it.each([
    ['--help', ['netgen build [schema..]', 'netgen init [folder]', 'Exit codes: 0 done']],
    ['build --help', ['--out', '--check', '--watch', '--json', 'netgen build a.ts b.ts --out lib']],
    ['init --help', ['Never overwrites a file.']],
    ['token --help', ['netgen token <host:port>', 'curl -H @-']],
    ['doctor --help', ['netgen doctor [engine]', '--permissions', '--monitoring']],
    ['explain --help', ['netgen explain [code]', 'netgen explain NG3009']],
  ])('netgen %s explains', async (line, parts) => {
    const command = await parseCommandLine(line.split(' '), '1.2.3')
    expect(command).toMatchObject({ is: 'print' })
    for (const part of parts) expect(command).toMatchObject({ text: expect.stringContaining(part) })
  })
})

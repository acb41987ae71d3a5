import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runInit } from '../../../generator/cli/run-init.js'
import { readOwnPackage } from '../../../generator/own-package.js'
import { createFolder } from '../temporary-folder.js'
import { collectTerminal } from './collect-terminal.js'

const OWN_PACKAGE = { version: '1.2.3', devDependencies: { '@types/node': '^20', tsx: '^4', typescript: '^7' } }

describe('netgen init', () => {
  it('writes a whole project into an empty folder, and says what to run', () => {
    const terminal = collectTerminal(createFolder())
    expect(runInit({ is: 'init', folder: 'My Peers' }, OWN_PACKAGE, terminal)).toBe(0)
    const names = ['schema.ts', 'server.ts', 'caller.ts', 'package.json', 'tsconfig.json']
    expect(terminal.data).toEqual(names.map((name) => `created My Peers/${name}`))
    expect(terminal.messages).toEqual([
      `
Next:
  cd "My Peers"
  npm install
  npm run build      # after every change of schema.ts
  npm run server     # in one terminal
  npm run caller     # in another`,
    ])
    expect(JSON.parse(readFileSync(join(terminal.cwd, 'My Peers/package.json'), 'utf8'))).toEqual({
      name: 'my-peers',
      version: '0.0.0',
      private: true,
      type: 'module',
      scripts: {
        build: 'netgen build',
        check: 'netgen build --check && tsc',
        server: 'tsx server.ts',
        caller: 'tsx caller.ts',
      },
      dependencies: { netgen: '^1.2.3' },
      devDependencies: { '@types/node': '^20', tsx: '^4', typescript: '^7' },
    })
  })

  it('keeps a package.json and a tsconfig.json, and says what to add', () => {
    const files = { 'package.json': '{}', 'tsconfig.json': '{ }', 'node_modules/netgen/package.json': '{}' }
    const terminal = collectTerminal(createFolder(files))
    expect(runInit({ is: 'init', folder: '.' }, OWN_PACKAGE, terminal)).toBe(0)
    expect(terminal.data.slice(-2)).toEqual(['kept package.json', 'kept tsconfig.json'])
    expect(readFileSync(join(terminal.cwd, 'package.json'), 'utf8')).toBe('{}')
    expect(readFileSync(join(terminal.cwd, 'tsconfig.json'), 'utf8')).toBe('{ }')
    expect(terminal.messages).toEqual([
      `
Next:
  npm pkg set type=module scripts.build="netgen build" scripts.check="netgen build --check && tsc" scripts.server="tsx server.ts" scripts.caller="tsx caller.ts"
  npm install --save-dev "@types/node@^20" "tsx@^4" "typescript@^7"
  npm run build      # after every change of schema.ts
  npm run server     # in one terminal
  npm run caller     # in another`,
    ])
  })

  it.each(['schema.ts', 'server.ts', 'caller.ts'])('writes nothing where there is a %s', (name) => {
    const terminal = collectTerminal(createFolder({ [name]: 'mine' }))
    expect(runInit({ is: 'init', folder: '.' }, OWN_PACKAGE, terminal)).toBe(1)
    expect(terminal.data).toEqual([])
    expect(terminal.messages).toEqual([
      `netgen: ${name} exists already, nothing written: choose an empty folder, as in \`netgen init first\``,
    ])
    expect(readFileSync(join(terminal.cwd, name), 'utf8')).toBe('mine')
    expect(existsSync(join(terminal.cwd, 'package.json'))).toBe(false)
  })

  it.each([
    ['notes.txt', 'EEXIST'],
    ['notes.txt/first', 'ENOTDIR'],
    ['linked', 'EEXIST'],
  ])('says in one line that %s cannot be written, and why: %s', (folder, code) => {
    const terminal = collectTerminal(createFolder({ 'notes.txt': 'mine', 'linked/package.json': '{}' }))
    symlinkSync('nowhere/schema.ts', join(terminal.cwd, 'linked/schema.ts'))
    expect(runInit({ is: 'init', folder }, OWN_PACKAGE, terminal)).toBe(1)
    expect(terminal.data).toEqual([])
    expect(terminal.messages).toEqual([
      `netgen: folder "${folder}" cannot be written: the file system says ${code}: choose one that can be, as in \`netgen init first\``,
    ])
    expect(readFileSync(join(terminal.cwd, 'notes.txt'), 'utf8')).toBe('mine')
  })

  it('takes the versions of its own package', () => {
    expect(readOwnPackage()).toMatchObject({ name: 'netgen', version: expect.stringMatching(/^\d+\.\d+\.\d+/) })
  })
})

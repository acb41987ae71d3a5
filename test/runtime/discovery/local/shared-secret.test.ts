import { readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSharedSecret } from '../../../../runtime/discovery/local/shared-secret.js'
import { useTemporaryFolder } from '../temporary-folder.js'

const folder = useTemporaryFolder()
const secretPath = (): string => join(folder(), 'secret')

describe('the secret', () => {
  test('is 32 random bytes, kept in hexadecimal for its owner alone', async () => {
    const secret = await readSharedSecret(secretPath())
    expect(secret).toHaveLength(32)
    expect(await readFile(secretPath(), 'utf8')).toBe(`${secret.toString('hex')}\n`)
    expect((await stat(secretPath())).mode & 0o777).toBe(0o600)
  })

  test('is one for twenty who come at once, and leaves nothing else behind', async () => {
    const secrets = await Promise.all(Array.from({ length: 20 }, () => readSharedSecret(secretPath())))
    expect(new Set(secrets.map((secret) => secret.toString('hex'))).size).toBe(1)
    expect(await readSharedSecret(secretPath())).toEqual(secrets[0])
    expect(await readdir(folder())).toEqual(['secret'])
  })

  test('is another one in another folder', async () => {
    expect(await readSharedSecret(secretPath())).not.toEqual(await readSharedSecret(join(folder(), 'other')))
  })

  test.each<[string, string]>([
    ['nothing', ''],
    ['a line feed', '\n'],
    ['31 bytes', 'ab'.repeat(31)],
    ['33 bytes', 'ab'.repeat(33)],
    ['capitals', 'AB'.repeat(32)],
    ['two lines', `${'ab'.repeat(32)}\n\n`],
    ['other text', 'password'],
  ])('is refused where its file holds %s', async (_, text) => {
    await writeFile(secretPath(), text, { mode: 0o600 })
    await expect(readSharedSecret(secretPath())).rejects.toMatchObject({
      code: 'permission_denied',
      message: `${secretPath()} holds no secret of netgen's: remove it, and close all peers`,
    })
    expect(await readFile(secretPath(), 'utf8')).toBe(text)
  })

  test('is refused where its file cannot be read, or others can read it', async () => {
    await expect(readSharedSecret(folder())).rejects.toMatchObject({
      code: 'permission_denied',
      message: `${folder()} cannot be read`,
    })
    await writeFile(secretPath(), 'ab'.repeat(32), { mode: 0o644 })
    await expect(readSharedSecret(secretPath())).rejects.toMatchObject({
      code: 'permission_denied',
      message: `${secretPath()} is open to other users, or theirs: remove it, and close all peers`,
    })
  })
})

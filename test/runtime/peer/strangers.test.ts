import { get } from 'node:http'
import { createPeer } from 'netgen/runtime'
import { expect, test } from 'vitest'
import { silent } from '../behaviour/harness.js'
import { useTemporaryFolder } from '../discovery/temporary-folder.js'

const registry = useTemporaryFolder()

test('whoever asks without the key learns the versions of a peer and its id, and neither its group nor that it is a hub', async () => {
  await using peer = await createPeer({
    ...{ registry: registry(), port: 0, logger: silent, key: 'sixteen letters.' },
    ...{ group: 'a canary in a group', hub: true },
  })
  const challenge = 'A'.repeat(43)
  const url = `http://127.0.0.1:${peer.port}/netgen/v1/identity?challenge=${challenge}`
  const ask = (): Promise<string> =>
    new Promise((resolve, reject) => {
      get(url, { agent: false }, (response) => {
        let text = JSON.stringify(response.rawHeaders)
        response
          .setEncoding('utf8')
          .on('data', (chunk: string) => {
            text += chunk
          })
          .on('end', () => resolve(text))
      }).on('error', reject)
    })
  const [one, two] = [await ask(), await ask()]
  const identity = JSON.parse(one.slice(one.indexOf('{'))) as Record<string, unknown>
  expect(identity).toEqual({
    id: peer.id,
    proof: expect.stringMatching(/^[\w-]{43}$/),
    sealed: expect.stringMatching(/^[\w-]+$/),
    versions: { netgen: expect.any(String), protocol: [1] },
  })
  const told = one + two + Buffer.from(String(identity['sealed']), 'base64url').toString('latin1')
  expect(told).not.toMatch(/canary|group|hub/)
  // Who asks twice does not learn that the answer is the same either.
  expect(two.slice(two.indexOf('{'))).not.toBe(one.slice(one.indexOf('{')))
})

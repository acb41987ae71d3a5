import { beforeEach, describe, expect, test } from 'vitest'
import type { EngineClient } from '../../../runtime/transport/nats/engine-client.js'
import { Publications } from '../../../runtime/transport/nats/jetstream/publications.js'

/** A connection that takes all, and answers what a test says. */
class FakeClient {
  readonly replies: string[] = []
  answer: (subject: string, text: string) => void = () => {}
  readonly engine = { downSinceMs: undefined, maxBytes: 4_096, follow: () => () => {} }
  readonly connection = {
    publish: (_: string, __: unknown, { reply }: { reply: string }): void => void this.replies.push(reply),
    closed: () => new Promise(() => {}),
    async *status() {},
  }
  createHeaders = (): undefined => undefined
  createInbox = (): string => 'inbox'
  hear = (_: string, onMessage: (message: object) => void): void => {
    this.answer = (subject, text) => onMessage({ subject, data: Buffer.from(text), headers: undefined })
  }
}

describe('what is published to a stream', () => {
  let client: FakeClient
  let publications: Publications

  beforeEach(() => {
    client = new FakeClient()
    publications = new Publications(client as unknown as EngineClient, () => {})
  })

  const message = { tag: 'a.b', id: 'x', subject: 's', body: '1', headers: undefined as never }
  const publish = async () => (await publications.publish([message]))[0]

  test.each([
    'no JSON',
    'null',
    '[]',
    '{}',
    '{"seq":"1"}',
    '{"error":null}',
    '{"error":{}}',
    '{"error":{"err_code":10008}}',
  ])('is not stored by an answer that is none, and waits for its own: %s', async (junk) => {
    const stored = publish()
    const [reply = ''] = client.replies
    expect(() => client.answer(reply, junk)).not.toThrow()
    client.answer(reply, '{"stream":"s","seq":7}')
    await expect(stored).resolves.toEqual({ id: 'x', sequence: 7, isDuplicate: false })
  })

  test('was stored before where the stream says so', async () => {
    const stored = publish()
    client.answer(client.replies[0] ?? '', '{"seq":7,"duplicate":true}')
    await expect(stored).resolves.toEqual({ id: 'x', sequence: 7, isDuplicate: true })
  })

  test('leaves not at all where one of its tags makes it too long', async () => {
    const body = 'x'.repeat(4_000)
    const [short, long] = ['NATS/1.0', `NATS/1.0 ${'y'.repeat(200)}`].map((headers) => ({ ...message, body, headers }))
    const stored = publications.publish([short, long] as never)
    await expect(stored).rejects.toMatchObject({ code: 'resource_exhausted' })
    expect(client.replies).toEqual([])
  })

  test('is refused as the stream says', async () => {
    const stored = publish()
    const error = { code: 503, err_code: 10077, description: 'maximum bytes exceeded' }
    client.answer(client.replies[0] ?? '', JSON.stringify({ error }))
    await expect(stored).rejects.toMatchObject({ code: 'resource_exhausted' })
  })
})

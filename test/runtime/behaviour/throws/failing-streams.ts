import { schema } from '../../../../fixtures/behaviour/generated/schema.js'
import { streams } from '../../../../fixtures/behaviour/generated/streams.js'

/** The stream `count`, which declares the errors of the connection `keep`. */
export const failingStreams: typeof streams = createFailingStreams()

function createFailingStreams(): typeof streams {
  const [keep, count] = [schema, streams].map(({ connections }) =>
    connections.find(({ name }) => name === 'keep' || name === 'count'),
  )
  if (keep === undefined || count === undefined) throw new Error('expected the connections keep and count')
  const load = async () => ({ ...(await count.load()), errors: (await keep.load()).errors })
  return { ...streams, digest: 'failing', connections: [{ ...count, errors: keep.errors, load }] }
}

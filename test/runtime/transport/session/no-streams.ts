import type { Answerer } from '../../../../runtime/transport/transport.js'

/** The part of an answerer that serves streams, where none is expected. */
export const noStreams: Pick<Answerer, 'sides' | 'serveStream'> = {
  sides: () => undefined,
  serveStream: ({ tag }) => {
    throw new Error(`expected no stream, ${tag} was called`)
  },
}

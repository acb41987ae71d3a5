import { createPeer } from 'netgen/runtime'
import { events } from '../../fixtures/behaviour/generated/events.js'

/** What was counted elsewhere: how many of it have arrived, and how many are known to be missing. */
export interface Heard {
  readonly got: number
  readonly missed: number
}

const heard = { got: 0, missed: 0 }
const tell = (): void => void process.send?.(heard)

const peer = await createPeer({
  port: 0,
  logger: { debug() {}, info() {}, warn() {}, error: (text, fields) => console.error(text, fields) },
})
await peer.connect(events).counted.subscribe(
  () => {
    heard.got++
    tell()
  },
  {
    onGap: ({ missed }) => {
      heard.missed += missed
      tell()
    },
  },
)
tell()

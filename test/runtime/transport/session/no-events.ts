import type { PublishedEvents } from '../../../../runtime/wire/events.js'

/** A peer without events: whoever subscribes is told that its sequence begins. */
export const noEvents: PublishedEvents = {
  limit() {},
  keep: () => ({ event: 1, sequence: 0, leaseMs: 30_000 }),
  drop() {},
  end() {},
  takeFailure() {},
}

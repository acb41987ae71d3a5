import type { EventDescriptor } from '../api/descriptor.js'
import { LazyChecks } from '../validation/load-checks.js'
import type { EventChecks } from '../validation/validate.js'

/** An event that a peer knows: to emit it, and to subscribe to it. */
export class ConnectedEvent {
  readonly descriptor: EventDescriptor
  readonly checks: LazyChecks<EventChecks>

  constructor(descriptor: EventDescriptor) {
    this.descriptor = descriptor
    this.checks = new LazyChecks(descriptor.tag, descriptor.load)
  }

  get tag(): string {
    return this.descriptor.tag
  }
}

import type { Holds } from './holds.js'
import type { Intake } from './intake.js'
import type { OutletOwner } from './outlet.js'
import type { SessionOptions } from './session-options.js'

/**
 * What a session does about calls that arrive while too much waits to leave. Who was dialled reads nothing then: the other side's calls wait
 * over there. Who has dialled reads on, and holds the calls here: if both sides read nothing until their own had left, nothing would ever
 * leave.
 */
export class Congestion implements OutletOwner {
  readonly #role: SessionOptions['role']
  readonly #intake: Intake
  readonly #holds: Holds
  readonly onSlowReader: () => void

  constructor(role: SessionOptions['role'], intake: Intake, holds: Holds, onSlowReader: () => void) {
    this.#role = role
    this.#intake = intake
    this.#holds = holds
    this.onSlowReader = onSlowReader
  }

  onCongested(): void {
    if (this.#role === 'dialer') this.#intake.hold()
    else this.#holds.add()
  }

  onDrained(): void {
    if (this.#role === 'dialer') this.#intake.release()
    else this.#holds.remove()
  }
}

/** How an engine is reached, and as whom: what `nats` of `netgen/nats` gives, and `createPeer` takes. It shows no secret. */
export interface EngineAccess {
  readonly engine: 'nats'
  /** Each as `host:port`. */
  readonly servers: readonly string[]
}

/** Whether a value says how an engine is reached: in whatever copy of the package it was made. */
export function isEngineAccess(value: unknown): value is EngineAccess {
  const { engine, connect } = (value ?? {}) as Partial<EngineAccess & { connect: unknown }>
  return engine === 'nats' && typeof connect === 'function'
}

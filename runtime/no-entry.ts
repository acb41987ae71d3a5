/**
 * What an import of `netgen` itself finds: an error that says which entry to import from. Without it Node says that there is no `exports`
 * main, or that a name is not there, and not where it is.
 */
const nothing: undefined = undefined

/**
 * Every name of the entries: one that is missing here would be refused before this module could say why. For the type checker there is
 * none, and for editors none to offer.
 *
 * @internal
 */
export {
  nothing as any,
  nothing as authorize,
  nothing as bigint,
  nothing as build,
  nothing as bytes,
  nothing as ContextValues,
  nothing as connection,
  nothing as createArbitrary,
  nothing as createCallLogger,
  nothing as createCallTracer,
  nothing as createContextKey,
  nothing as createFakePeer,
  nothing as createMemoryNetwork,
  nothing as createPeer,
  nothing as createTokenSender,
  nothing as createTokenVerifier,
  nothing as DeclaredError,
  nothing as date,
  nothing as decodePeerId,
  nothing as decodeTag,
  nothing as encodePeerId,
  nothing as encodeTag,
  nothing as event,
  nothing as FlagError,
  nothing as flag,
  nothing as formatTraceback,
  nothing as INVALID_CONNECTION,
  nothing as inspectEngine,
  nothing as isOlderServer,
  nothing as listPermissions,
  nothing as map,
  nothing as NetgenError,
  nothing as NULL,
  nothing as nats,
  nothing as netgen,
  nothing as OLDEST_DURABLE_SERVER,
  nothing as SkewError,
  nothing as set,
  nothing as stream,
  nothing as Type,
  nothing as url,
}

throw new Error(
  "netgen has no entry of its own: a schema file imports from 'netgen/schema', a program from 'netgen/runtime', its tests from 'netgen/testing'",
)
